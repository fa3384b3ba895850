"""One shift on the daily log: its entries, what it carries on, the joint check and the signatures (Art. 9 to 24)."""

from __future__ import annotations

from itertools import groupby

from locales import N_
from regulation.daily_log import (
    AddendumLine,
    CheckLine,
    EntryLine,
    ItemLine,
    Named,
    ReliefLine,
    ShiftSection,
    SignatureLine,
    WayLine,
)
from regulation.handover import AREA_NAMES, CHECK_NAMES, CheckValue, ItemState, Side
from reports.columns import width_of
from reports.sheet import Column, Digest, Flow, Section, SignatureBox, SignatureRow, Table, grouped
from reports.speech import Speech

# Signs the bundled font has; it has no ballot cross.
_CHECK_SIGNS = {
    CheckValue.UNCHECKED: "□",
    CheckValue.IN_ORDER: "✓",
    CheckValue.NONE: "○",
    CheckValue.DISPUTED: "×",
}

# As many signs of an addendum's hash as tell it from any other: zhiban verify --digest takes them.
ADDENDUM_SIGNS = 16


def named(person: Named | None, speech: Speech) -> str:
    """Return a person as the paper writes them: name and work number (Art. 9); nobody is a dash."""
    if person is None:
        return "—"
    if not person.work_number:
        return person.name
    return speech.say(N_("{name} ({number})"), name=person.name, number=person.work_number)


def shift_name(shift: ShiftSection, speech: Speech) -> str:
    """Return the shift's name in the paper's language."""
    return shift.shift_en if speech.is_english and shift.shift_en else speech.say(shift.shift)


def shift_section(shift: ShiftSection, speech: Speech) -> Section:
    """Return everything one shift recorded."""
    say = speech.say
    blocks: list[Table | Flow] = []
    if shift.people:
        blocks.append(_people(shift, speech))
    blocks += [_entries(shift.entries, speech), _items(shift.items, speech)]
    if shift.checklist:
        blocks.append(_checklist(shift.checklist, speech))
    if shift.disputes:
        blocks.append(_disputes(shift, speech))
    if shift.reliefs:
        blocks.append(_reliefs(shift.reliefs, speech))
    if shift.ways:
        blocks.append(_ways(shift.ways, speech))
    if shift.addenda:
        blocks.append(_addenda(shift.addenda, speech))
    heading = f"{shift_name(shift, speech)}  {shift.team}  {speech.span(shift.starts_at, shift.ends_at)}"
    digest = Digest(say(N_("Shift digest")), grouped(shift.digest)) if shift.digest else None
    return Section(heading, _fact(shift, speech), digest, tuple(blocks))


def signature_rows(shifts: tuple[ShiftSection, ...], speech: Speech) -> tuple[SignatureRow, ...]:
    """Return the boxes to sign in: both sides of every shift's handover, then the deputy manager."""
    say = speech.say
    sides = ((Side.OUTGOING, N_("Handed over")), (Side.INCOMING, N_("Taken over")))
    rows = [
        SignatureRow(
            f"{shift_name(shift, speech)}\n{shift.team}",
            tuple(
                SignatureBox(
                    say(role), _given(shift.signatures + shift.counter_signatures, side, speech, shift)
                )
                for side, role in sides
            ),
        )
        for shift in shifts
    ]
    return (*rows, SignatureRow(say(N_("The whole day")), (SignatureBox(say(N_("Deputy manager on duty"))),)))


def _given(
    signatures: tuple[SignatureLine, ...], side: Side, speech: Speech, shift: ShiftSection
) -> tuple[str, ...]:
    lines = []
    for signature in signatures:
        if signature.side is side:
            who, at = named(signature.person, speech), speech.short(signature.at)
            later = signature in shift.counter_signatures
            text = N_("{who} counter-signed {at}") if later else N_("{who} signed {at}")
            lines.append(speech.say(text, who=who, at=at))
            lines += [speech.say(signature.right)] if signature.right else []
            lines += [signature.note] if signature.note else []
    return tuple(lines) or (speech.say(N_("not signed")),)


def _fact(shift: ShiftSection, speech: Speech) -> str:
    say = speech.say
    facts = [
        say(N_("Leader: {who}"), who=" · ".join(named(leader, speech) for leader in shift.leaders) or "—"),
        say(N_("Due {due}, present {present}"), due=shift.due, present=shift.present),
    ]
    if shift.cutoff_at is not None:
        facts.append(say(N_("Cut-off {clock}"), clock=speech.clock(shift.cutoff_at)))
    return "   ".join(facts)


def _people(shift: ShiftSection, speech: Speech) -> Flow:
    facts = []
    for line in shift.people:
        arrived = speech.clock(line.arrived_at) if line.arrived_at else ""
        parts = (line.seat, named(line.person, speech), speech.say(line.status), arrived, line.note)
        facts.append("  ".join(part for part in parts if part))
    return Flow(speech.say(N_("People")), tuple(facts), across=3)


def _entries(entries: tuple[EntryLine, ...], speech: Speech) -> Table:
    say = speech.say
    # The room the short answers do not need goes to what happened.
    told = 12 if any(entry.told for entry in entries) else 6
    outcome = min(14, max(8, *(width_of(entry.outcome) for entry in entries))) if entries else 14
    columns = (
        Column(say(N_("Time")), 7),
        Column(say(N_("Seat")), 5),
        Column(say(N_("Kind")), 10),
        Column(say(N_("What happened")), 53 - told - outcome, long=True),
        Column(say(N_("Told")), told, long=True),
        Column(say(N_("Outcome")), outcome, long=True),
        Column(say(N_("By")), 7),
    )
    rows = tuple(_entry(entry, speech) for entry in entries)
    return Table(say(N_("Entries")), columns, rows, say(N_("Nothing was recorded in this shift.")))


def _entry(entry: EntryLine, speech: Speech) -> tuple[str, ...]:
    say = speech.say
    times = [speech.clock(entry.occurred_at)]
    if entry.entered_at is not None and speech.short(entry.entered_at) != speech.short(entry.occurred_at):
        times.append(say(N_("noted {clock}"), clock=speech.clock(entry.entered_at)))
    kind = [say(entry.kind), *(["VIP"] if entry.vip else [])]
    author = "\n".join(part for part in (entry.author.name, entry.author.work_number) if part)
    if entry.confidential:  # Art. 32: paper carries a redaction mark, and nothing of what was said
        what, told, outcome = say(N_("[confidential — not printed]")), "", ""
    else:
        what = "\n".join([entry.text, *_about(entry, speech)])
        told = "\n".join(f"{one.whom} {speech.clock(one.at)}" if one.at else one.whom for one in entry.told)
        outcome = entry.outcome
    return "\n".join(times), entry.seat, "\n".join(kind), what, told, outcome, author


def _about(entry: EntryLine, speech: Speech) -> list[str]:
    lines = []
    if entry.asset:
        lines.append(speech.say(N_("Equipment: {asset}"), asset=entry.asset))
    if entry.department:
        lines.append(speech.say(N_("Passed to: {department}"), department=entry.department))
    return lines


def _items(items: tuple[ItemLine, ...], speech: Speech) -> Table:
    say = speech.say
    columns = (
        Column(say(N_("Open item")), 24, long=True),
        Column(say(N_("Reason")), 18, long=True),
        Column(say(N_("Next step")), 18, long=True),
        Column(say(N_("Owner")), 9),
        Column(say(N_("Due by")), 9),
    )
    rows = []
    for item in items:
        title = f"VIP {item.title}" if item.vip else item.title
        reason = item.reason if item.state is not ItemState.OPEN else say(N_("not yet resolved or carried"))
        rows.append((title, reason, item.next_step, item.owner, speech.clock(item.due_at)))
    return Table(say(N_("Open items carried on")), columns, tuple(rows), say(N_("No open items.")))


def _checklist(lines: tuple[CheckLine, ...], speech: Speech) -> Table:
    say = speech.say
    columns = (Column(say(N_("Area")), 18), Column(say(N_("Result")), 58))
    order = list(AREA_NAMES)
    rows = []
    for area, group in groupby(
        sorted(lines, key=lambda line: order.index(line.area)), lambda line: line.area
    ):
        name = say(AREA_NAMES[area])
        rows.append((name, "\n".join(_check(line, name, speech) for line in group)))
    return Table(say(N_("Joint check")), columns, tuple(rows))


def _check(line: CheckLine, area: str, speech: Speech) -> str:
    label = line.label if line.subject else speech.say(line.label)
    value = speech.say(CHECK_NAMES[line.value])
    reported = speech.say(N_("reported to {whom}"), whom=line.reported_to) if line.reported_to else ""
    standing = speech.say(line.standing) if line.standing else ""
    if line.standing_at is not None:
        standing = f"{standing} {speech.clock(line.standing_at)}"
    shown = label if label != area else ""
    parts = (_CHECK_SIGNS[line.value], shown, value, standing, line.note, reported)
    return "  ".join(part for part in parts if part)


def _disputes(shift: ShiftSection, speech: Speech) -> Table:
    say = speech.say
    columns = (
        Column(say(N_("Subject")), 18, long=True),
        Column(say(N_("What both sides found")), 30, long=True),
        Column(say(N_("Both sides")), 14, long=True),
        Column(say(N_("Reported to")), 14, long=True),
    )
    written = {line.label for line in shift.checklist if line.subject}
    rows = []
    for dispute in shift.disputes:
        sides = "\n".join(named(side, speech) for side in (dispute.outgoing, dispute.incoming) if side)
        reported = dispute.reported_to or say(N_("not reported"))
        if dispute.reported_to and dispute.reported_at:
            reported = f"{reported}\n{speech.clock(dispute.reported_at)}"
        subject = dispute.subject if dispute.subject in written else say(dispute.subject)
        rows.append((subject, dispute.account, sides, reported))
    return Table(say(N_("Disputes")), columns, tuple(rows))


def _reliefs(reliefs: tuple[ReliefLine, ...], speech: Speech) -> Flow:
    facts = []
    for line in reliefs:
        seats = f"{line.seat}  {named(line.outgoing, speech)} → {named(line.incoming, speech)}"
        parts = (seats, speech.clock(line.at), speech.say(line.way) if line.way else "")
        facts.append("  ".join(part for part in parts if part))
    # How a seat was handed over needs the room of a line of its own.
    across = 1 if any(line.way for line in reliefs) else 2
    return Flow(speech.say(N_("Seats handed over")), tuple(facts), across=across)


def _ways(ways: tuple[WayLine, ...], speech: Speech) -> Table:
    say = speech.say
    columns = (
        Column(say(N_("Time")), 13),
        Column(say(N_("On the record")), 18, long=True),
        Column(say(N_("Reason")), 31, long=True),
        Column(say(N_("Recorded by")), 14, long=True),
    )
    rows = []
    for way in ways:
        span = speech.clock(way.at)
        if way.until is not None:
            span = f"{span}–{speech.clock(way.until)}"
        kind = say(N_("{kind} (Art. {article})"), kind=say(way.kind), article=way.article)
        about = named(way.about, speech) if way.about is not None else ""
        absent = (
            say(N_("instead of {who}"), who=named(way.instead_of, speech))
            if way.instead_of is not None
            else ""
        )
        what = "\n".join(part for part in (kind, about, absent) if part)
        reason = "\n".join(part for part in (way.reason, way.what) if part)
        rows.append((span, what, reason, named(way.by, speech)))
    return Table(say(N_("Recorded ways of the handover")), columns, tuple(rows))


def _addenda(addenda: tuple[AddendumLine, ...], speech: Speech) -> Table:
    say = speech.say
    columns = (
        Column(say(N_("Added")), 13),
        Column(say(N_("Text")), 41, long=True),
        Column(say(N_("By")), 10),
        Column(say(N_("Chain")), 12),
    )
    rows = tuple(
        (
            speech.short(line.at),
            line.text,
            "\n".join(part for part in (line.author.name, line.author.work_number) if part),
            grouped(line.hash[:ADDENDUM_SIGNS]),
        )
        for line in addenda
    )
    return Table(say(N_("Addenda after the sealing")), columns, rows)
