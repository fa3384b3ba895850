"""Text measured in terminal cells: a Chinese character takes two columns, wherever it stands.

What people typed is data, never markup: it becomes :class:`~textual.content.Content` through :func:`plain`, which
also makes control and direction characters harmless, so that a name cannot move the cursor or turn a line round.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from rich.cells import cell_len, set_cell_size
from textual.content import Content

ELLIPSIS = "…"
_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def harmless(text: str) -> str:
    """Return ``text`` on one line: each character that would act instead of being read becomes a blank."""
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(sign) in _HARMFUL else sign for sign in text)


def plain(text: str, style: str = "") -> Content:
    """Return people's text as content that is shown exactly as typed; ``style`` is a theme style such as ``$ok``."""
    return Content.styled(harmless(text), style) if style else Content(harmless(text))


def cut(text: str, width: int) -> str:
    """Return ``text``, made harmless, in at most ``width`` cells, with an ellipsis when something had to go."""
    text = harmless(text)
    if cell_len(text) <= width:
        return text
    if width <= 1:
        return ELLIPSIS[:width]
    kept = set_cell_size(text, width - 1).rstrip()
    return kept + ELLIPSIS


def fit(content: Content, width: int, align: str = "left") -> Content:
    """Return ``content`` in exactly ``width`` cells: cut with an ellipsis, or padded on the side ``align`` leaves."""
    if content.cell_length > width:
        content = _truncated(content, width)
    spare = width - content.cell_length
    return content.pad_left(spare) if align == "right" else content.pad_right(spare)


def _truncated(content: Content, width: int) -> Content:
    kept = cut(content.plain, width)
    whole = len(kept) - len(ELLIPSIS)
    return content[:whole].append(ELLIPSIS) if width > 0 else Content("")


def wrapped(content: Content, width: int) -> list[Content]:
    """Return content in lines of at most ``width`` cells: Chinese breaks anywhere, a Latin word only at its ends."""
    lines = []
    for line in content.split("\n", allow_blank=True):
        start = end = used = 0
        text = line.plain
        for place, sign in enumerate(text):
            wide = cell_len(sign)
            if used + wide > width and place > start:
                # Back to the last place where the line may end, unless the word is wider than the line itself.
                cut_at = end if end > start else place
                lines.append(line[start:cut_at])
                start = cut_at
                used = cell_len(text[start:place])
            used += wide
            following = text[place + 1 : place + 2]
            if not (_is_latin(sign) and _is_latin(following)):
                end = place + 1
        lines.append(line[start:])
    return lines


def _is_latin(sign: str) -> bool:
    """Whether a sign holds to its neighbour: letters and digits, and what stands within a time, a date, a number."""
    return sign.isascii() and (sign.isalnum() or sign in ":.-/")


def joined(parts: Iterable[Content], separator: str = "  ") -> Content:
    """Return the parts that say something, with ``separator`` between them."""
    return Content(separator).join([part for part in parts if part])


def packed(parts: Iterable[Content], width: int) -> Content:
    """Return the parts in lines of at most ``width`` cells, none of them broken in two where it fits a line."""
    lines: list[Content] = []
    for part in parts:
        if lines and lines[-1].cell_length + 2 + part.cell_length <= width:
            lines[-1] = joined([lines[-1], part])
        elif part:
            lines.append(part)
    return Content("\n").join(lines)


def spread(left: Content, right: Content, width: int) -> Content:
    """Return one line of ``width`` cells with ``left`` and ``right`` at its ends; the left gives way."""
    room = max(0, width - right.cell_length - 1)
    return Content.assemble(fit(left, room), " ", right) if room else fit(right, width)


def clock_time(at: datetime, zone: tzinfo) -> str:
    """Return ``HH:MM`` in the centre's time zone."""
    return at.astimezone(zone).strftime("%H:%M")


def day_time(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return ``HH:MM``, with the date before it when ``at`` is not on the local day of ``now``."""
    local = at.astimezone(zone)
    same_day = local.date() == now.astimezone(zone).date()
    return local.strftime("%H:%M" if same_day else "%m-%d %H:%M")


def countdown(duration: timedelta) -> str:
    """Return ``H:MM:SS``, with a minus sign when the moment has passed."""
    seconds = int(duration.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def elapsed(duration: timedelta) -> str:
    """Return how long something lasts in hours and minutes, ``H:MM``."""
    minutes = max(0, int(duration.total_seconds())) // 60
    return f"{minutes // 60}:{minutes % 60:02}"
