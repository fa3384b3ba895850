"""The daily log 值班日志 as a sheet: its words, its order, its marks (Art. 7 to 11, 20 to 24, 32)."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from locales import DEFAULT_LANGUAGE, N_
from regulation.daily_log import (
    DailyLog,
    DoorLine,
    FindingLine,
    LimitLine,
    ShiftSection,
    VisitorLine,
)
from regulation.findings import FINDING_CODES, HOUSE_RULE
from regulation.handover import LogState
from regulation.ledger import Head
from regulation.records import VisitState
from reports.day_figures import figures_table, spot_checks_table
from reports.sheet import Column, Digest, Flow, Section, Sheet, Table, changed, grouped, printable
from reports.shift_section import named, shift_name, shift_section, signature_rows
from reports.speech import Speech


def daily_log_sheet(
    log: DailyLog,
    *,
    printed_at: datetime,
    printed_by: str,
    reprint: bool = False,
    language: str = DEFAULT_LANGUAGE,
) -> Sheet:
    """Return the sheet of ``log`` in ``language``; ``printed_by`` is a name with its work number."""
    speech = Speech(language, log.time_zone, log.date)
    say = speech.say
    sheet = Sheet(
        title=say(N_("Daily log")),
        owner=log.centre,
        subject=_subject(log, speech),
        sections=(
            _overview(log.shifts, speech),
            *(shift_section(shift, speech) for shift in log.shifts),
            _day_section(log, speech),
        ),
        signatures_heading=say(N_("Signatures")),
        signatures=signature_rows(log.shifts, speech, one_shift=log.one_shift),
        sign_here=say(N_("Signature")),
        date_here=say(N_("Date: ____ - __ - __")),
        digest=Digest(say(N_("Digest")), grouped(log.digest) or say(N_("none — not sealed yet"))),
        printed=say(N_("printed {at} by {whom}"), at=speech.full(printed_at), whom=printed_by),
        page=say(N_("Page {page} of {pages}")),
        draft=say(N_("DRAFT")) if log.draft else "",
        reprint=say(N_("REPRINT")) if reprint else "",
    )
    return changed(sheet, printable)


def _subject(log: DailyLog, speech: Speech) -> str:
    day = speech.day(log.date)
    return f"{day}  {shift_name(log.shifts[0], speech)}" if log.one_shift else day


def _overview(shifts: tuple[ShiftSection, ...], speech: Speech) -> Section:
    say = speech.say
    columns = (
        Column(say(N_("Shift")), 7),
        Column(say(N_("Team")), 7),
        Column(say(N_("Time")), 11),
        Column(say(N_("Leader")), 12),
        Column(say(N_("Due")), 4, right=True),
        Column(say(N_("Present")), 7, right=True),
        Column(say(N_("Open")), 4, right=True),
        Column(say(N_("Disputes")), 8, right=True),
        Column(say(N_("State")), 12),
    )
    rows = tuple(
        (
            shift_name(shift, speech),
            shift.team,
            speech.span(shift.starts_at, shift.ends_at),
            "\n".join(named(leader, speech) for leader in shift.leaders) or "—",
            str(shift.due),
            str(shift.present),
            str(len(shift.items)),
            str(len(shift.disputes)),
            _state(shift, speech),
        )
        for shift in shifts
    )
    return Section("", blocks=(Table("", columns, rows, say(N_("No shift is rostered for this day."))),))


def _state(shift: ShiftSection, speech: Speech) -> str:
    if shift.state is LogState.SEALED:
        sealed_at = max((signature.at for signature in shift.signatures), default=None)
        return speech.say(N_("sealed {clock}"), clock=speech.clock(sealed_at))
    if shift.state is LogState.FROZEN:
        return speech.say(N_("frozen {clock}"), clock=speech.clock(shift.cutoff_at))
    return speech.say(N_("being written"))


def _day_section(log: DailyLog, speech: Speech) -> Section:
    blocks: list[Table | Flow] = [_visitors(log.visitors, speech)]
    if log.doors:
        blocks.append(_doors(log.doors, speech))
    if log.figures:
        blocks.append(figures_table(log.figures, speech))
    if log.spot_checks:
        blocks.append(spot_checks_table(log.spot_checks, speech))
    blocks.append(_findings(log.findings, speech))
    if log.limits:
        blocks.append(_limits(log.limits, speech))
    if log.heads:
        blocks.append(_heads(log.heads, speech))
    heading = N_("In the hours of this shift") if log.one_shift else N_("The whole day")
    return Section(speech.say(heading), blocks=tuple(blocks))


def _visitors(visitors: tuple[VisitorLine, ...], speech: Speech) -> Table:
    say = speech.say
    columns = (
        Column(say(N_("In")), 6),
        Column(say(N_("Out")), 7),
        Column(say(N_("Visitor")), 16),
        Column(say(N_("Purpose")), 20),
        Column(say(N_("Sponsor")), 8),
        Column(say(N_("Escort")), 8),
        Column(say(N_("Badge")), 8),
    )
    rows = tuple(
        (
            speech.clock(visit.entered_at),
            _visit_end(visit, speech),
            "\n".join(part for part in (visit.visitor, visit.unit) if part),
            say(visit.reason),
            visit.sponsor,
            visit.escort,
            visit.badge_label,
        )
        for visit in visitors
    )
    return Table(say(N_("Visitors")), columns, rows, say(N_("No visitors.")))


def _visit_end(visit: VisitorLine, speech: Speech) -> str:
    if visit.left_at is not None:
        return speech.clock(visit.left_at)
    words = {
        VisitState.REFUSED: N_("not approved"),
        VisitState.INSIDE: N_("inside"),
        VisitState.ENDED: N_("not recorded"),
    }
    return speech.say(words.get(visit.state, N_("did not come")))


def _doors(doors: tuple[DoorLine, ...], speech: Speech) -> Table:
    say = speech.say
    columns = (
        Column(say(N_("Door")), 16),
        Column(say(N_("In")), 9, right=True),
        Column(say(N_("Out")), 9, right=True),
        Column(say(N_("Visitors")), 9, right=True),
        Column(say(N_("Refused")), 9, right=True),
        Column(say(N_("Inside at the end")), 18, right=True),
    )
    rows = tuple(
        (
            door.door,
            str(door.entries),
            str(door.exits),
            str(door.visitors),
            str(door.refused),
            "—" if door.inside_at_end is None else str(door.inside_at_end),
        )
        for door in doors
    )
    return Table(say(N_("Doors")), columns, rows)


def _findings(findings: tuple[FindingLine, ...], speech: Speech) -> Table:
    say = speech.say
    columns = (
        Column(say(N_("Article")), 10),
        Column(say(N_("Time")), 8),
        Column(say(N_("Person")), 18),
        Column(say(N_("Finding")), 38),
    )
    by_article: dict[int, list[FindingLine]] = defaultdict(list)
    for finding in sorted(findings, key=lambda f: (f.article, f.at)):
        by_article[finding.article].append(finding)
    rows = []
    for article, found in by_article.items():
        label = say(N_("Art. {article}"), article=article) if article != HOUSE_RULE else say(N_("house rule"))
        for place, finding in enumerate(found):
            cited = label + (f" ×{len(found)}" if len(found) > 1 else "") if place == 0 else ""
            who = named(finding.person, speech) if finding.person else "—"
            rows.append((cited, speech.clock(finding.at), who, _finding_words(finding, speech)))
    return Table(say(N_("Findings by article")), columns, tuple(rows), say(N_("No findings.")))


def _finding_words(finding: FindingLine, speech: Speech) -> str:
    kind = FINDING_CODES.get(finding.code)
    if kind is None:  # written by a later version: its code is still a fact
        return finding.code
    details = defaultdict(lambda: "—", {name: speech.say(value) for name, value in finding.details})
    return speech.say(kind.text).format_map(details)


def _limits(limits: tuple[LimitLine, ...], speech: Speech) -> Flow:
    say = speech.say
    versions = " ".join(sorted({limit.version for limit in limits}))
    facts = tuple(
        say(
            N_("{label}: {value} {unit} (Art. {article})"),
            label=say(limit.label),
            value=limit.value,
            unit=say(limit.unit),
            article=limit.article,
        )
        for limit in limits
    )
    return Flow(say(N_("Limits used, version {version}"), version=versions), facts)


def _heads(heads: tuple[Head, ...], speech: Speech) -> Table:
    say = speech.say
    columns = (
        Column(say(N_("Chain")), 12),
        Column(say(N_("Records")), 8, right=True),
        Column(say(N_("Hash of the last record")), 56, long=True),
    )
    rows = tuple((head.chain, str(head.sequence), grouped(head.hash, in_line=8)) for head in heads)
    return Table(say(N_("Ends of the record chains")), columns, rows)
