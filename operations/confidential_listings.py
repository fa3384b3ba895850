"""What is confidential as lists and lines: readings, the masked directory, the keys, an opened entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from locales import N_, _
from operations.directory import NumberRow
from operations.errors import Invalid
from operations.keys import KeyRow
from operations.listings import Listing, Office
from operations.readings import Reading
from operations.search_index import ENTRY, ITEM
from operations.stories import Story

LONGEST_ID = 9


def subject_of(text: str) -> tuple[str, int]:
    """Return what ``12``, ``entry:12`` or ``item:5`` names. Raises :class:`Invalid`."""
    kind, colon, number = text.strip().partition(":")
    if not colon:
        kind, number = ENTRY, kind
    if kind not in (ENTRY, ITEM) or not (
        number.isascii() and number.isdecimal() and len(number) <= LONGEST_ID
    ):
        raise Invalid(_("an entry is named 12 or entry:12, an item item:5"))
    return kind, int(number)


def readings_listing(rows: Sequence[Reading], office: Office) -> Listing:
    """Who read something, the last first."""
    cells = [
        (
            f"{row.at.astimezone(office.zone):%Y-%m-%d %H:%M}",
            f"{row.name}({row.work_number})" if row.name else row.work_number,
            _("reading refused") if row.refused else _("read"),
            row.reason,
        )
        for row in rows
    ]
    return Listing(rows, (N_("Time"), N_("Who"), N_("What"), N_("why")), cells, _("Nobody has read it."))


def directory_listing(rows: Sequence[NumberRow]) -> Listing:
    """The confidential directory, masked."""
    cells = [(str(row.id), row.name, row.masked, "、".join(row.readers)) for row in rows]
    headings = (N_("number"), N_("name"), N_("masked"), N_("may be read by"))
    return Listing(rows, headings, cells, _("The directory is empty. Add a number: zhiban directory add."))


def keys_listing(rows: Sequence[KeyRow], office: Office) -> Listing:
    """The keys by number."""
    cells = [
        (
            row.number,
            _("current") if row.current else "",
            _("yes") if row.here else _("no"),
            str(row.texts),
            f"{row.since.astimezone(office.zone):%Y-%m-%d %H:%M}" if row.since else "",
        )
        for row in rows
    ]
    headings = (N_("secret key"), N_("state"), N_("on this machine"), N_("texts"), N_("since"))
    return Listing(rows, headings, cells, _("Nothing confidential was written yet; there is no key."))


def recovery_text(sheet: Mapping[str, Sequence[str]], office: Office) -> str:
    """The recovery codes as they are printed and locked away."""
    parts = [_("Recovery code of the confidential text. Lock it away; whoever has it can read everything.")]
    for number, lines in sheet.items():
        printed = f"{office.now.astimezone(office.zone):%Y-%m-%d %H:%M}"
        parts += [
            "",
            _("Key {number}, {time}").format(number=number, time=printed),
            *(f"  {line}" for line in lines),
        ]
    return "\n".join(parts)


def story_lines(told: Story, office: Office) -> list[str]:
    """An opened entry with its versions and its items, for a terminal."""
    lines = []
    for version in told.versions:
        entry = version.entry
        facts = (entry.asset, entry.department, entry.told_whom, ", ".join(entry.attachments))
        head = f"{office.clock(entry.happened_at)} {entry.author}({entry.work_number})"
        what = " · ".join(part for part in (entry.text, *facts) if part)
        lines.append(f"{_('version {number}').format(number=version.version)}  {head}  {what}")
        lines += [_("changed: {reason}").format(reason=version.reason)] if version.reason else []
    for held in told.items:
        item = held.item
        ending = item.outcome or " → ".join(part for part in (item.reason, item.next_step) if part)
        lines.append(f"{_('Open item')}  {item.title}" + (f": {ending}" if ending else ""))
    lines.append(_("For {readers}, and its author.").format(readers="、".join(told.readers)))
    return lines
