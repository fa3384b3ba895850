"""What the demo left behind, in words for a terminal or a log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from kiosk.demo.day import DemoSummary
from kiosk.demo.facts import DoorFacts, HandoverFacts
from kiosk.demo.papers import DemoPapers
from locales import N_, _, language
from operations.demo_planning import RosterFacts
from operations.demo_registers import RegisterFacts
from regulation.access import DOOR_CODES
from regulation.articles import ARTICLES
from regulation.responsibility import VERDICT_NAMES


def summary_lines(summary: DemoSummary) -> Iterator[str]:
    """Yield the day in figures, its findings by article, the papers, and who may sign in."""
    zone = ZoneInfo(summary.time_zone)
    span = tuple(at.astimezone(zone) for at in (summary.played_from, summary.played_until))
    yield f"{summary.centre}  {span[0]:%Y-%m-%d %H:%M} – {span[1]:%m-%d %H:%M}"
    yield _("{people} people in {teams}; {shifts} shifts handed over and sealed.").format(
        people=summary.people, teams="、".join(summary.teams), shifts=summary.sealed_shifts
    )
    yield _("{count} events at the door, {played} of them played just now through a real kiosk.").format(
        count=summary.door.events, played=summary.door.played
    )
    yield _("{visits} visitors wait for a decision, {items} items are open.").format(
        visits=summary.waiting_visits, items=summary.open_items
    )
    yield ""
    yield from _door(summary.door)
    yield ""
    yield from _handover(summary.handover)
    yield ""
    yield from _roster(summary.roster)
    yield ""
    yield from _registers(summary.registers)
    yield ""
    yield _("Findings of the day by article")
    for article, count in summary.findings_by_article:
        known = ARTICLES[article]
        label = known.label_en if language() == "en" else known.label_zh
        yield f"  {_('Art. {article}').format(article=article):<8} {count:>3}  {label}"
    yield ""
    yield from _records(summary)
    yield from _papers(summary.papers)
    said = _("Backup, encrypted and read back: {file}, {rows} rows")
    yield "✓ " + said.format(file=summary.backup.file, rows=summary.backup.manifest.rows)
    yield ""
    yield _("Sign in at the desk as")
    for hint in summary.sign_in:
        yield f"  {hint.work_number}  {hint.name} ({_(hint.role)})  PIN {hint.pin}  {_(hint.duty)}"


def _door(door: DoorFacts) -> Iterator[str]:
    yield _("At the door")
    for said, what in (
        (N_("Readers: {what}"), " · ".join(door.readers)),
        (
            N_("Releases by the relay board, each ended by its own timer or the opened door: {what}"),
            door.pulses,
        ),
        (N_("Refused: {what}"), _counted(door.refusals)),
        (N_("Alarms: {what}"), _counted(door.alarms)),
        (N_("Alarms that wait for a leader: {what}"), door.alarms_waiting),
        (N_("Events recorded while the centre was away, handed in since: {what}"), door.kept_while_cut),
        (N_("Visitors approved at the door by a leader's badge and PIN: {what}"), door.approved_here),
        (N_("Visitors passed on when their escort left: {what}"), door.passed_on),
        (N_("Corrections of who is inside, with reasons: {what}"), door.corrected),
        (N_("Temporary badges not back in time: {what}"), " · ".join(door.badges_out) or "—"),
    ):
        yield "  " + _(said).format(what=what)


def _handover(facts: HandoverFacts) -> Iterator[str]:
    yield _("At the handover of the shift before")
    for said, what in (
        (N_("Entries in the sealed log: {what}"), facts.entries),
        (N_("Reports counted in one line instead of written anew: {what}"), facts.counted),
        (N_("Edited entries, with every version kept: {what}"), facts.edited),
        (N_("Confidential entries, withheld on paper: {what}"), facts.withheld),
        (N_("Open items carried on: {what}"), facts.carried),
        (N_("Lines checked together: {what}"), facts.lines),
        (N_("Disputes, reported: {what}"), facts.disputes),
        (N_("Holds during a fault, lifted: {what}"), facts.holds),
        (N_("Seats taken over by badge: {what}"), facts.by_badge),
        (N_("Additions after sealing, signed and chained: {what}"), facts.addenda),
    ):
        yield "  " + _(said).format(what=what)
    for problem, verdict in facts.answers:
        said = _("Who answers (Art. 25) for “{problem}”: {answer}")
        yield "  " + said.format(problem=problem, answer=_(VERDICT_NAMES[verdict]))


def _roster(facts: RosterFacts) -> Iterator[str]:
    yield _("In the roster")
    repaired = _("the planner is not installed: pip install 'zhiban[solver]'")
    if facts.repaired is not None:
        repaired = _(
            "{days} days changed around someone who cannot work, {short} stay short of people"
        ).format(days=facts.repaired, short=facts.short)
    for said, what in (
        (N_("Days drafted for {month} from the rotations: {what}"), facts.drafted),
        (N_("Wishes for {month}: {what}"), facts.wishes),
        (N_("By the planner: {what}"), repaired),
        (N_("Swaps that a leader consented to: {what}"), facts.consented),
        (N_("Swaps that wait for a leader: {what}"), facts.waiting),
        (N_("Leave in effect: {what}"), facts.on_leave),
        (N_("Leave that waits for a decision: {what}"), facts.leave_waiting),
    ):
        yield "  " + _(said).format(month=facts.month, what=what)


def _registers(facts: RegisterFacts) -> Iterator[str]:
    yield _("On the registers")
    typed = _("{speed} signs a minute, {accuracy} % right").format(speed=facts.speed, accuracy=facts.accuracy)
    for said, what in (
        (N_("Records: {what}"), facts.records),
        (N_("Records that wait for a step: {what}"), facts.waiting),
        (N_("Records past their day: {what}"), facts.late),
        (N_("Permits whose clock runs: {what}"), facts.running),
        (N_("A typing test: {what}"), typed),
    ):
        yield "  " + _(said).format(what=what)


def _counted(codes: Iterable[tuple[str, int]]) -> str:
    return " · ".join(f"{_(DOOR_CODES[code].text)} {count}" for code, count in codes) or "—"


def _records(summary: DemoSummary) -> Iterator[str]:
    if summary.holds:
        yield "✓ " + _("All records hold: nothing was changed, removed or cut.")
    for gap in summary.breaks:
        yield f"✗ {gap}"


def _papers(papers: DemoPapers) -> Iterator[str]:
    if papers.fault:
        yield "! " + papers.fault
    for said, file in (
        (N_("Daily log: {file}"), papers.log or papers.text),
        (N_("Muster list: {file}"), papers.muster),
        (N_("Entry register: {file}"), papers.register),
        (N_("Assessment of the month so far: {file}"), papers.assessment),
    ):
        if file is not None:
            yield "✓ " + _(said).format(file=file)
