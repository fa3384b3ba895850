"""Lines that fill the room there is and turn by page: nothing scrolls by half, nothing hides unannounced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from locales import _
from tui.cells import fit, spread

NARROWEST = 20
TWO_COLUMNS_FROM = 100
GUTTER = 3


@dataclass(frozen=True, slots=True)
class Block:
    """A title with lines under it; an entry's lines stay together as long as a page can hold them."""

    title: Content
    entries: tuple[tuple[Content, ...], ...]


class PagedLines(Widget):
    """Shows what ``build`` returns for a column's width: in two columns where there is room, else page by page."""

    DEFAULT_CSS = """
    PagedLines { height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  textual's own name for it
        super().__init__(id=id)
        self._build: Callable[[int], Sequence[Block]] = lambda _width: ()
        self._page = 0

    def show_blocks(self, build: Callable[[int], Sequence[Block]]) -> None:
        """Show ``build(width of a column)`` from now on."""
        self._build = build
        self.refresh(layout=True)

    def turn(self, pages: int) -> None:
        """Turn so many pages on, or back."""
        self._page = min(max(0, self._page + pages), self.pages - 1)
        self.refresh()

    @property
    def pages(self) -> int:
        """How many pages there are in the room there is."""
        return len(self._pages(self.size.width, self.size.height))

    def on_resize(self) -> None:
        """Whether there are pages to turn depends on the room."""
        self.screen.refresh_bindings()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel turns pages."""
        event.stop()
        self.turn(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel turns pages."""
        event.stop()
        self.turn(-1)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As high as everything; the style sheet says how high at most."""
        return max(1, len(_columns(self._build, max(NARROWEST, width))))

    def render(self) -> Content:
        """The page, with its number when there are several."""
        width = max(NARROWEST, self.size.width)
        pages = self._pages(width, self.size.height)
        self._page = min(self._page, len(pages) - 1)
        lines = pages[self._page]
        if len(pages) == 1:
            return Content("\n").join(lines)
        number = _("page {page} of {pages}").format(page=self._page + 1, pages=len(pages))
        foot = spread(Content(""), Content.styled(f"{number} · PgUp PgDn", "$attention"), width)
        spare = [Content("")] * (self.size.height - 1 - len(lines))
        return Content("\n").join([*lines, *spare, foot])

    def _pages(self, width: int, height: int) -> list[list[Content]]:
        width = max(NARROWEST, width)
        whole = _columns(self._build, width)
        if len(whole) <= height:
            return [whole]
        return _paged(self._build(width), max(1, height - 1))


def _lines(blocks: Sequence[Block]) -> list[Content]:
    return [line for block in blocks for line in (block.title, *(ln for e in block.entries for ln in e))]


def _columns(build: Callable[[int], Sequence[Block]], width: int) -> list[Content]:
    """Everything below one another, or in two columns of about the same height where the width allows it."""
    if width < TWO_COLUMNS_FROM:
        return _lines(build(width))
    column = (width - GUTTER) // 2
    blocks = build(column)
    if len(blocks) == 1:
        return _lines(build(width))
    heights = [len(_lines([block])) for block in blocks]
    split = min(range(1, len(blocks)), key=lambda at: max(sum(heights[:at]), sum(heights[at:])), default=1)
    left, right = _lines(blocks[:split]), _lines(blocks[split:])
    rows = max(len(left), len(right))
    left += [Content("")] * (rows - len(left))
    right += [Content("")] * (rows - len(right))
    rule = Content.styled(" │ ", "$rule")
    return [
        Content.assemble(fit(one, column), rule, fit(two, column))
        for one, two in zip(left, right, strict=True)
    ]


def _paged(blocks: Sequence[Block], height: int) -> list[list[Content]]:
    """Break into pages of ``height`` lines; no title stands alone at the foot, none is missing at the head."""
    pages: list[list[Content]] = [[]]
    for block in blocks:
        first = True
        for entry in block.entries or ((),):
            needed = len(entry) + (1 if first else 0)
            if pages[-1] and len(pages[-1]) + needed > height:
                pages.append([] if first else [block.title])
            if first:
                pages[-1].append(block.title)
                first = False
            for line in entry:
                if len(pages[-1]) >= height:
                    pages.append([block.title] if height > 1 else [])
                pages[-1].append(line)
    return pages
