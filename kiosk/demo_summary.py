"""What the demo left behind, in words for a terminal or a log."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from kiosk.demo import DemoSummary
from locales import _, language
from regulation.articles import ARTICLES


def summary_lines(summary: DemoSummary) -> Iterator[str]:
    """Yield the day in figures, its findings by article, the papers, and who may sign in."""
    zone = ZoneInfo(summary.time_zone)
    span = tuple(at.astimezone(zone) for at in (summary.played_from, summary.played_until))
    yield f"{summary.centre}  {span[0]:%Y-%m-%d %H:%M} – {span[1]:%m-%d %H:%M}"
    yield _("{people} people in {teams}; {shifts} shifts handed over and sealed.").format(
        people=summary.people, teams="、".join(summary.teams), shifts=summary.sealed_shifts
    )
    yield _("{count} events at the door, {played} of them played just now through a real kiosk.").format(
        count=summary.door_events, played=summary.door_events_played
    )
    yield _("{visits} visitors wait for a decision, {items} items are open.").format(
        visits=summary.waiting_visits, items=summary.open_items
    )
    yield ""
    yield _("Findings of the day by article")
    for article, count in summary.findings_by_article:
        known = ARTICLES[article]
        label = known.label_en if language() == "en" else known.label_zh
        yield f"  {_('Art. {article}').format(article=article):<8} {count:>3}  {label}"
    yield ""
    yield from _records(summary)
    yield from _papers(summary)
    yield ""
    yield _("Sign in at the desk as")
    for hint in summary.sign_in:
        yield f"  {hint.work_number}  {hint.name} ({_(hint.role)})  PIN {hint.pin}  {_(hint.duty)}"


def _records(summary: DemoSummary) -> Iterator[str]:
    if summary.holds:
        yield "✓ " + _("All records hold: nothing was changed, removed or cut.")
    for gap in summary.breaks:
        yield f"✗ {gap}"


def _papers(summary: DemoSummary) -> Iterator[str]:
    if summary.pdf is not None:
        yield "✓ " + _("Daily log: {file}").format(file=summary.pdf)
    else:
        yield "! " + summary.pdf_fault
        yield "✓ " + _("Daily log: {file}").format(file=summary.text)
