"""The papers of the demo's day: the daily log, muster list and entry register, and the month's assessment, filed in the home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from locales import language
from operations.assessment import assessment
from operations.boundary import SYSTEM, Actor
from operations.daily_log import daily_log, note_printing
from operations.demo_roster import ZONE
from operations.door import kiosks
from operations.door_listings import door_heads
from operations.entry_register import entry_register
from operations.occupancy import muster
from settings import Home, ZhibanError


@dataclass(frozen=True, slots=True)
class DemoPapers:
    """What was filed. The PDFs are missing when the part that sets paper is not installed (``fault`` says so)."""

    text: Path
    log: Path | None
    muster: Path | None
    register: Path | None
    assessment: Path | None
    fault: str


def print_papers(home: Home, leader: Actor, day: date, now: datetime) -> DemoPapers:
    """Print the log of ``day`` as text and, where paper can be set, the log, the muster list and the register."""
    from reports.text import render_text

    log = daily_log(leader, now, day)
    folder = home.paper_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    by = f"{leader.name} ({leader.work_number})"
    said: dict[str, Any] = {"printed_at": now, "printed_by": by, "language": language()}
    text = folder / f"zhiban-{log.date.isoformat()}.txt"
    text.write_text(render_text(log, **said), encoding="utf-8")
    pdf = text.with_suffix(".pdf")
    try:
        from reports.pdf import write_pdf

        write_pdf(pdf, log, **said)
    except ZhibanError as error:
        return DemoPapers(text, None, None, None, None, str(error))
    note_printing(leader, now, log.date, "pdf", log.digest)
    return DemoPapers(
        text,
        pdf,
        _print_muster(folder, leader, now, by),
        _print_register(folder, leader, day, now, said),
        _print_assessment(folder, now, said),
        "",
    )


def _print_assessment(folder: Path, now: datetime, said: dict[str, Any]) -> Path:
    """Print the month so far as the department above will read it (Art. 44)."""
    from reports.assessment_pdf import render_assessment
    from reports.typesetting import save_pdf

    view = assessment(SYSTEM, now, now.astimezone(ZONE).date())
    file = folder / f"zhiban-assessment-{view.assessment.month:%Y-%m}.pdf"
    save_pdf(file, render_assessment(view.assessment, view.sendings, **said))
    return file


def _print_muster(folder: Path, leader: Actor, now: datetime, by: str) -> Path:
    from reports.muster import render_muster
    from reports.typesetting import save_pdf

    file = folder / f"zhiban-muster-{now.astimezone(ZONE):%Y-%m-%d-%H%M}.pdf"
    taken = muster(leader, now)
    save_pdf(file, render_muster(taken, time_zone=ZONE.key, printed_by=by, language=language()))
    return file


def _print_register(folder: Path, leader: Actor, day: date, now: datetime, said: dict[str, Any]) -> Path:
    """Print who came and went from ``day`` on: a shift that goes over midnight has two."""
    from reports.entry_register import render_register
    from reports.typesetting import save_pdf

    last = max(day, min(now.astimezone(ZONE).date(), day + timedelta(days=1)))
    file = folder / f"zhiban-register-{day.isoformat()}-{last.isoformat()}.pdf"
    register = entry_register(leader, now, day, last)
    heads, doors = door_heads(SYSTEM, now), kiosks(leader, now)
    save_pdf(file, render_register(register, heads=heads, doors=doors, **said))
    return file
