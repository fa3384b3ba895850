"""8 Regulation: every article, how it is kept and what was found this month; the phrases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from locales import N_, _, language
from regulation.articles import ARTICLES, CHAPTERS, KEEPING_NAMES, Article, Keeping, kept_status
from regulation.keepers import KeptStatus
from regulation.kept_words import KEPT_WORDS, OTHER_PLACES
from regulation.limits import DEFINITIONS, Limits
from tui import rows
from tui.modes import DESK_MODES
from tui.openings import open_assessment, open_audit
from tui.screens.desk import DeskScreen
from tui.screens.phrases import phrases_found
from tui.widgets.line_table import Column, LineTable
from tui.widgets.tab_bar import TabBar

if TYPE_CHECKING:
    from datetime import datetime

# Modes of the desk whose screens stand in no table here.
COMING_PLACES = {"registers": N_("Registers"), "system": N_("System")}
TABS = (("articles", N_("Articles")), ("phrases", N_("Phrases")))
STATUS_LOOKS: dict[KeptStatus, tuple[str, str]] = {
    KeptStatus.KEPT: ("✓", "$ok"),
    KeptStatus.PARTLY: ("!", "$attention"),
    KeptStatus.NOT_YET: ("○", "$faint"),
}


@dataclass(frozen=True)
class Month:
    """By article: the findings of this month and of the last, what was refused this month; the numbers in force today."""

    findings: dict[int, int]
    before: dict[int, int]
    refused: dict[int, int]
    limits: Limits


def place_name(place: str) -> str:
    """Return the place of the product where an article is kept, with the number of its mode."""
    mode = next((mode for mode in DESK_MODES if mode.name == place), None)
    if mode is not None:
        return f"{mode.number} {_(mode.label)}"
    return _(OTHER_PLACES.get(place, COMING_PLACES.get(place, place)))


def article_label(article: Article) -> str:
    """Return the article's label in the reader's language."""
    return article.label_zh if language() == "zh_CN" else article.label_en


class RegulationScreen(DeskScreen):
    """The list on the left, the article under the cursor on the right."""

    MODE = "regulation"
    CSS_PATH = "regulation.tcss"
    AUTO_FOCUS = "#articles"
    HELP = N_(
        "All 44 articles: E is enforced by the software, R is recorded in a register, S is shown where it is needed. "
        "Beside each stands whether it is kept already and how many findings it had this month; Enter lists them, and "
        "Enter on one goes to what it is about. m opens the month's assessment, w who did what, d the confidential "
        "numbers. / searches articles and phrases, t goes to the phrases for the telephone and back."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", N_("find")),
        Binding("t", "next_tab", N_("articles / phrases")),
        Binding("d", "directory", N_("confidential numbers")),
        Binding("m", "assessment", N_("monthly assessment")),
        Binding("w", "audit", N_("who did what")),
        Binding("escape", "show_all", N_("show all"), show=False),
    ]

    def compose_body(self) -> ComposeResult:
        """Compose both tabs; one shows."""
        yield TabBar(TABS, id="tabs")
        find = Input(placeholder=_("Number or word…"), id="find")
        find.display = False
        yield find
        with Container(id="articles-pane"):
            yield self._articles()
            with VerticalScroll(id="story-pane"):
                yield Static(id="story")
        with VerticalScroll(id="phrases-pane"):
            yield Static(phrases_found(""), id="phrases")

    def _articles(self) -> LineTable[Article]:
        return LineTable(
            (
                Column(N_("Art."), 4, align="right"),
                Column(N_("In short"), 20, flex=1),
                Column(N_("Class"), 5),
                Column(N_("Kept"), 4),
                Column(N_("Month"), 5, align="right"),
            ),
            self._article_cells,
            key=lambda article: article.number,
            title=N_("Articles"),
            empty=N_("No article speaks of that. Esc shows all."),
            id="articles",
        )

    def _article_cells(self, article: Article) -> list[Content]:
        classes = " ".join(kind.value for kind in Keeping if kind in article.classes)
        sign, style = STATUS_LOOKS[kept_status(article)]
        count = self.result.findings.get(article.number, 0) if self.result else 0
        found = Content.styled(str(count), "$attention bold") if count else Content.styled("·", "$faint")
        return [
            Content(str(article.number)),
            Content(article_label(article)),
            Content.styled(classes, "$faint"),
            Content.styled(sign, style),
            found,
        ]

    def body_ready(self) -> None:
        """The articles are known without asking anyone."""
        self._table().set_rows(list(ARTICLES.values()))
        self._show_tab("articles")
        self._show_article()

    def load(self, now: datetime) -> Month:
        """Count this month's findings; the month is the centre's civil month."""
        from operations.centre import limits_today
        from operations.findings import findings_by_article, refusals_by_article

        local = now.astimezone(self.desk.zone)
        first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)
        last = (local.replace(day=1) - timedelta(days=1)).replace(
            day=1, hour=0, minute=0, second=0, microsecond=0
        )
        return Month(
            findings_by_article(self.actor, now, first, now),
            findings_by_article(self.actor, now, last.astimezone(now.tzinfo), first),
            refusals_by_article(self.actor, now, first, now),
            limits_today(self.actor, now),
        )

    def show(self, result: Month) -> None:  # noqa: ARG002  the cells read it where it is kept
        """Draw the counts."""
        self._table().refresh()
        self._show_article()

    def _table(self) -> LineTable[Any]:
        return self.query_one("#articles", LineTable)

    @on(LineTable.CursorMoved, "#articles")
    def _show_article(self) -> None:
        article: Article | None = self._table().current
        story = self._story(article) if article is not None else Content("")
        self.query_one("#story", Static).update(story)
        self.query_one("#story-pane").scroll_home(animate=False)

    def _story(self, article: Article) -> Content:
        chinese = language() == "zh_CN"
        chapter = next(chapter for chapter in CHAPTERS if chapter.number == article.chapter)
        title = f"{rows.article_name(article.number)}  {article_label(article)}"
        chapter_title = chapter.title_zh if chinese else chapter.title_en
        parts = [
            Content.assemble((title, "bold"), ("\n" + chapter_title, "$faint")),
            Content(article.demand_zh if chinese else article.demand_en),
            self._keeping(article),
            *self._numbers(article),
            self._found(article),
        ]
        return Content("\n\n").join(parts)

    def _keeping(self, article: Article) -> Content:
        classes = ", ".join(_(KEEPING_NAMES[kind]) for kind in Keeping if kind in article.classes)
        status = kept_status(article)
        sign, style = STATUS_LOOKS[status]
        lines = [
            Content.assemble((_("How") + "  ", "$faint"), classes, "   ", (f"{sign} {_(status)}", style))
        ]
        if article.planned:
            lines.append(Content.assemble((_("Comes with") + "  ", "$faint"), _(article.planned)))
        for kept in KEPT_WORDS[article.number]:
            place = Content.styled(f"  {place_name(kept.place)}  ", "$info")
            lines.append(Content.assemble(place, Content(_(kept.words))))
        return Content("\n").join(lines)

    def _numbers(self, article: Article) -> list[Content]:
        """The article's numbers in force today, and whether the regulation or the house fixed them."""
        lines = [Content.styled(_("Numbers in force"), "$faint")]
        for known in DEFINITIONS:
            if known.article == article.number:
                value = self.result.limits[known.name] if self.result else known.value
                source = _("the regulation's") if known.source == "regulation" else _("the house's reading")
                lines.append(
                    Content.assemble(
                        f"  {_(known.label)}: ",
                        (f"{value} {_(known.unit)}", "bold"),
                        (f"  {source}", "$faint"),
                    )
                )
        return [Content("\n").join(lines)] if len(lines) > 1 else []

    def _found(self, article: Article) -> Content:
        count = self.result.findings.get(article.number, 0) if self.result else 0
        before = self.result.before.get(article.number, 0) if self.result else 0
        refused = self.result.refused.get(article.number, 0) if self.result else 0
        last = Content.styled("\n" + _("Last month: {count}").format(count=before), "$faint")
        if refused:
            words = _("Refused by it this month: {count}").format(count=refused)
            last = Content.assemble(last, ("\n" + words, "$info"))
        if not count:
            return Content.assemble((_("No findings this month."), "$faint"), last)
        words = _("Findings this month: {count} (Enter lists them)").format(count=count)
        return Content.assemble((words, "$attention"), last)

    # Tabs and search.

    @on(TabBar.Switched)
    def _tab_switched(self, event: TabBar.Switched) -> None:
        self._show_tab(event.name)

    def _show_tab(self, front: str) -> None:
        for name, _label in TABS:
            self.query_one(f"#{name}-pane").display = name == front
        self._search(self.query_one("#find", Input).value)

    def action_next_tab(self) -> None:
        """Go to the phrases, or back to the articles."""
        self.query_one(TabBar).action_step(1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The assessment, the audit and the directory (Art. 28) are offered to whoever may see them."""
        from operations.boundary import may
        from operations.permissions import Action

        needed = {
            "assessment": Action.SEE_ASSESSMENT,
            "audit": Action.READ_AUDIT,
            "directory": Action.ASK_CONFIDENTIAL,
        }.get(action)
        if needed is not None and (self.desk.actor is None or not may(self.actor, needed)):
            return False
        return super().check_action(action, parameters)

    def action_directory(self) -> None:
        """Open the machine room's confidential numbers, masked."""
        from tui.screens.directory import DirectoryDialog

        self.app.push_screen(DirectoryDialog())

    def action_assessment(self) -> None:
        """Open the month's assessment."""
        open_assessment(self.desk)

    def action_audit(self) -> None:
        """Open the records of who did what."""
        open_audit(self.desk)

    def action_find(self) -> None:
        """Open the search line."""
        find = self.query_one("#find", Input)
        find.display = True
        find.focus()

    def action_show_all(self) -> None:
        """Forget the search."""
        find = self.query_one("#find", Input)
        find.clear()
        find.display = False
        self._search("")
        self._table().focus()

    @on(Input.Changed, "#find")
    def _typed(self, event: Input.Changed) -> None:
        self._search(event.value)

    @on(Input.Submitted, "#find")
    def _found_it(self) -> None:
        self._table().focus()

    def _search(self, query: str) -> None:
        wanted = query.strip().casefold()
        self._table().set_rows([article for article in ARTICLES.values() if _speaks_of(article, wanted)])
        self.query_one("#phrases", Static).update(phrases_found(query))
        self._show_article()

    @on(LineTable.Selected, "#articles")
    def _list_findings(self, event: LineTable.Selected) -> None:
        from tui.screens.article_findings import ArticleFindingsDialog

        self.app.push_screen(ArticleFindingsDialog(event.row.number))


def _speaks_of(article: Article, wanted: str) -> bool:
    if wanted.isdecimal():
        return str(article.number) == wanted
    fields = (article.label_zh, article.label_en, article.demand_zh, article.demand_en)
    return any(wanted in field.casefold() for field in fields)
