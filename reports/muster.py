"""The muster list 机房人员清点表: who is inside, big enough to read in a corridor, with a box to tick for each (Art. 20).

A list is worth what its doors last said, so how fresh it is stands above the first name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from locales import DEFAULT_LANGUAGE, N_
from reports.columns import PAGE_COLUMNS, indented, padded, side_by_side, width_of, wrapped
from reports.door_health import DoorHealth, age, door_words, is_behind
from reports.sheet import changed, printable
from reports.speech import Speech
from reports.typesetting import fit, typeset

BLANK_ROWS: Final = 4
_NAME_EM, _CELL_EM = 10.0, 9.0
_TEXT_WIDTHS: Final = (2, 3, 22, 24, 21)


class MusterRow(Protocol):
    """Someone inside: ``unit`` is a visitor's company or someone's team, ``door`` where they came in."""

    @property
    def name(self) -> str: ...
    @property
    def work_number(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def is_visitor(self) -> bool: ...
    @property
    def since(self) -> datetime: ...
    @property
    def escort(self) -> str: ...
    @property
    def door(self) -> str: ...
    @property
    def phone(self) -> str: ...


class Muster(Protocol):
    """Who was inside at one moment, and what each door last said of itself."""

    @property
    def centre(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def rows(self) -> Sequence[MusterRow]: ...
    @property
    def doors(self) -> Sequence[DoorHealth]: ...


@dataclass(frozen=True, slots=True)
class MusterLine:
    """One person as the list shows them; ``who`` is work number and team, or visitor, company and telephone."""

    number: str
    name: str
    who: str
    since: str
    escort: str


@dataclass(frozen=True, slots=True)
class MusterSheet:
    """The list before it is set: everything on it is text in the reader's language."""

    title: str
    owner: str
    taken: str
    count: str
    count_label: str
    split: str
    behind: tuple[str, ...]
    heard: tuple[str, ...]
    headings: tuple[str, str, str, str]
    people: tuple[MusterLine, ...]
    empty: str
    others: str
    caution: str
    closing: tuple[str, ...]
    printed: str
    page: str


def muster_sheet(
    muster: Muster, *, time_zone: str, printed_by: str, language: str = DEFAULT_LANGUAGE
) -> MusterSheet:
    """Return the sheet of ``muster`` in ``language``."""
    speech = Speech(language, time_zone, muster.at.astimezone(ZoneInfo(time_zone)).date())
    say = speech.say
    visitors = sum(row.is_visitor for row in muster.rows)
    behind = [door for door in muster.doors if is_behind(door)]
    heard = [door for door in muster.doors if not is_behind(door)]
    sheet = MusterSheet(
        title=say(N_("Muster list of the machine room")),
        owner=muster.centre,
        taken=say(N_("Taken {at}"), at=speech.exact(muster.at)),
        count=str(len(muster.rows)),
        count_label=say(N_("people inside")),
        split=say(
            N_("{staff} staff, {visitors} visitors"), staff=len(muster.rows) - visitors, visitors=visitors
        ),
        behind=tuple(
            say(N_("May be out of date: {words}"), words=door_words(door, muster.at, speech))
            for door in behind
        )
        or (() if muster.doors else (say(N_("No door has reported yet: this list knows nobody.")),)),
        heard=tuple(door_words(door, muster.at, speech) for door in heard),
        headings=(say(N_("Name")), say(N_("Number, unit")), say(N_("Inside since")), say(N_("Escorted by"))),
        people=tuple(_line(place, row, muster.at, speech) for place, row in enumerate(muster.rows, start=1)),
        empty=say(N_("Nobody is inside.")),
        others=say(N_("Found besides those listed")),
        caution=say(
            N_("Whoever came in behind someone else without a badge is not on this list. Search the room.")
        ),
        closing=(say(N_("Counted by:")), say(N_("Time:")), say(N_("Found in all:"))),
        printed=say(N_("printed {at} by {whom}"), at=speech.full(muster.at), whom=printed_by),
        page=say(N_("Page {page} of {pages}")),
    )
    return changed(sheet, printable)


def render_muster(
    muster: Muster, *, time_zone: str, printed_by: str, language: str = DEFAULT_LANGUAGE
) -> bytes:
    """Return the muster list as A4 PDF."""
    sheet = muster_sheet(muster, time_zone=time_zone, printed_by=printed_by, language=language)
    people = tuple(
        dataclasses.replace(
            line,
            name=fit(line.name, _NAME_EM),
            who=fit(line.who, _CELL_EM),
            escort=fit(line.escort, _CELL_EM / 2),
        )
        for line in sheet.people
    )
    data = dataclasses.asdict(dataclasses.replace(sheet, people=people))
    return typeset("muster.typ", {**data, "blank_rows": BLANK_ROWS}, muster.at, language)


def muster_text(muster: Muster, *, time_zone: str, printed_by: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Return the muster list as plain text of 80 columns, for a screen or a line printer."""
    sheet = muster_sheet(muster, time_zone=time_zone, printed_by=printed_by, language=language)
    count = f"{sheet.count} {sheet.count_label} ({sheet.split})"
    lines = [_between(sheet.title, sheet.owner), _between(count, sheet.taken), "═" * PAGE_COLUMNS]
    for words in sheet.behind:
        lines += side_by_side(("!", words), (1, PAGE_COLUMNS - 3))
    for words in sheet.heard:
        lines += side_by_side(("✓", words), (1, PAGE_COLUMNS - 3))
    lines += [
        "",
        *side_by_side(("", "", sheet.headings[0], sheet.headings[1], sheet.headings[2]), _TEXT_WIDTHS),
    ]
    lines.append("─" * PAGE_COLUMNS)
    for person in sheet.people:
        lines += side_by_side(("□", person.number, person.name, person.who, person.since), _TEXT_WIDTHS)
        if person.escort:
            lines += indented(wrapped(f"{sheet.headings[3]}: {person.escort}", PAGE_COLUMNS - 9), 9)
    if not sheet.people:
        lines.append(sheet.empty)
    lines += ["", *wrapped(sheet.caution, PAGE_COLUMNS), ""]
    lines.append("  ".join(f"{words} {'_' * 12}" for words in sheet.closing))
    return "\n".join(lines) + "\n"


def _line(place: int, row: MusterRow, now: datetime, speech: Speech) -> MusterLine:
    kind = speech.say(N_("visitor")) if row.is_visitor else row.work_number
    same_day = speech.date_of(row.since) == speech.date_of(now)
    since = speech.clock(row.since) if same_day else speech.short(row.since)
    since += f" ({age(now - row.since, speech)})"
    return MusterLine(
        str(place),
        row.name,
        "\n".join(part for part in (kind, row.unit, row.phone) if part),
        "\n".join(part for part in (since, row.door) if part),
        row.escort if row.escort or not row.is_visitor else speech.say(N_("none recorded")),
    )


def _between(left: str, right: str) -> str:
    if width_of(left) + width_of(right) + 2 > PAGE_COLUMNS:
        return "\n".join([*wrapped(left, PAGE_COLUMNS), *wrapped(right, PAGE_COLUMNS)])
    return padded(left, PAGE_COLUMNS - width_of(right)) + right
