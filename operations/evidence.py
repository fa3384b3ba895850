"""What the record holds about a problem, for whoever answers for it (Art. 25; inside a transaction).

The signed list is read from the sealed text, never from tables that may have moved on. What else was known is found
by what people point at, and by words in the logs around the cut-off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

import models
from locales import _
from operations.daily_sections import sealed_section
from operations.errors import Invalid, NotFound
from operations.log_rows import shown_title
from regulation.daily_log import ShiftSection
from regulation.logbook import REDACTED
from regulation.responsibility import Evidence

# How far around the cut-off the logs are searched for words: the shift before, and the one that found the problem.
SEARCHED = timedelta(hours=48)
# An id has at most so many digits: PostgreSQL's integers end there.
LONGEST_NUMBER = 9


def evidence_for(log: models.ShiftLog, words: str, pointed_at: tuple[str, ...]) -> list[Evidence]:
    """Return everything the record says about a problem of a sealed log.

    ``pointed_at`` are ids (``entry:12``, ``item:5``, ``visit:3``, ``permit:4``, ``line:7``, ``door:main-12``).
    Raises :class:`NotFound` for one that leads nowhere.
    """
    section, wanted = sealed_section(log), split_words(words)
    cutoff_at = section.cutoff_at or log.ends_at
    found = [piece for piece in _listed(section, cutoff_at) if matches(piece.text, wanted)]
    found += [_pointed(text, section, cutoff_at) for text in pointed_at]
    listed_texts = {entry.text for entry in section.entries}
    found += [
        piece
        for piece in _entries_around(cutoff_at)
        if matches(piece.text, wanted) and piece.text not in listed_texts
    ]
    return list({piece.id: piece for piece in found}.values())


def split_words(words: str) -> tuple[str, ...]:
    """Return the words of a question; blanks and punctuation of both scripts part them."""
    return tuple(word for word in re.split(r"[\s,，、;；。]+", words.strip()) if word)


def matches(text: str, words: tuple[str, ...]) -> bool:
    """Whether a text has any of the words in it, upper or lower case."""
    return any(word.casefold() in text.casefold() for word in words)


def _listed(section: ShiftSection, cutoff_at: datetime) -> Iterator[Evidence]:
    for place, entry in enumerate(section.entries, 1):
        text = " ".join(part for part in (entry.text, entry.asset, entry.department, entry.outcome) if part)
        yield Evidence(f"sealed:entry-{place}", entry.entered_at or entry.occurred_at, True, text)
    for place, item in enumerate(section.items, 1):
        text = " ".join(part for part in (item.title, item.reason, item.next_step) if part)
        yield Evidence(f"sealed:item-{place}", item.opened_at or cutoff_at, True, text)
    for place, line in enumerate(section.checklist, 1):
        # The lines themselves were drawn up by the freeze, whenever they were checked.
        text = " ".join(part for part in (line.label, line.note) if part)
        yield Evidence(f"sealed:line-{place}", cutoff_at, True, text)


def _entries_around(cutoff_at: datetime) -> Iterator[Evidence]:
    entry = models.LogEntry
    near = entry.select().where(
        entry.happened_at > cutoff_at - SEARCHED, entry.happened_at < cutoff_at + SEARCHED
    )
    for row in near.order_by(entry.id):
        # Art. 31: a case is read by more people than what is confidential.
        if not row.confidential:
            yield Evidence(f"entry:{row.id}", _entry_known_at(row), False, row.text)


def _entry_known_at(entry: models.LogEntry) -> datetime:
    """Since when the centre knew: written down, or, if that was earlier, told to someone (Art. 11)."""
    at: datetime = min(entry.entered_at, entry.told_at or entry.entered_at)
    return at


def _pointed(text: str, section: ShiftSection, cutoff_at: datetime) -> Evidence:
    kind, _colon, rest = text.strip().partition(":")
    read = _READ.get(kind)
    if read is None:
        raise Invalid(
            _("{id} is not a kind of evidence.").format(id=text),
            article=25,
            next_step=_("Use entry:12, item:5, visit:3, permit:4, line:7 or door:NAME-12."),
        )
    found = read(text.strip(), rest, section, cutoff_at)
    if found is None:
        raise NotFound(_("{id} is not on the record.").format(id=text), article=25)
    return found


def _entry(name: str, rest: str, section: ShiftSection, _cutoff_at: datetime) -> Evidence | None:
    row = models.LogEntry.get_or_none(models.LogEntry.id == _number(rest))
    if row is None:
        return None
    listed = any((e.text, e.entered_at) == (row.text, row.entered_at) for e in section.entries)
    return Evidence(name, _entry_known_at(row), listed, _(REDACTED) if row.confidential else row.text)


def _item(name: str, rest: str, section: ShiftSection, _cutoff_at: datetime) -> Evidence | None:
    row = models.OpenItem.get_or_none(models.OpenItem.id == _number(rest))
    if row is None:
        return None
    # A carried item keeps its title and the time it was opened on its way through the shifts.
    listed = any((i.title, i.opened_at) == (row.title, row.opened_at) for i in section.items)
    return Evidence(name, row.opened_at, listed, shown_title(row))


def _visit(name: str, rest: str, section: ShiftSection, _cutoff_at: datetime) -> Evidence | None:
    row = models.Visit.get_or_none(models.Visit.id == _number(rest))
    if row is None:
        return None
    known_at = min(at for at in (row.requested_at, row.decided_at, row.entered_at) if at is not None)
    return Evidence(name, known_at, _on_checklist(name, section), row.visitor)


def _permit(name: str, rest: str, section: ShiftSection, _cutoff_at: datetime) -> Evidence | None:
    row = models.SeatLeave.get_or_none(models.SeatLeave.id == _number(rest))
    if row is None:
        return None
    return Evidence(name, row.from_at, _on_checklist(name, section), f"{row.person.name} {row.reason}")


def _line(name: str, rest: str, section: ShiftSection, cutoff_at: datetime) -> Evidence | None:
    row = models.CheckLine.get_or_none(models.CheckLine.id == _number(rest))
    if row is None:
        return None
    listed = any((line.label, line.subject) == (row.label, row.subject) for line in section.checklist)
    return Evidence(name, cutoff_at, listed, row.label)


def _door(name: str, rest: str, _section: ShiftSection, _cutoff_at: datetime) -> Evidence | None:
    kiosk, _dash, number = rest.rpartition("-")
    event = models.DoorEvent
    row = event.get_or_none(event.kiosk == kiosk, event.sequence == _number(number))
    return Evidence(name, row.at, False, row.code) if row is not None else None


def _on_checklist(subject: str, section: ShiftSection) -> bool:
    return any(line.subject == subject for line in section.checklist)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else 0


_Reader = Callable[[str, str, ShiftSection, datetime], Evidence | None]
_READ: Mapping[str, _Reader] = {
    "entry": _entry,
    "item": _item,
    "visit": _visit,
    "permit": _permit,
    "line": _line,
    "door": _door,
}
