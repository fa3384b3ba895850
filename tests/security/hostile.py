"""A centre in which whatever people write is hostile: every column of free text, in every row there is, is an attack."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from pathlib import Path

import peewee

import models
from operations import leave, permits, reasons, shiftlog, store, templates
from regulation.leave import LeaveSpan
from regulation.leave_kinds import LeaveKind
from tests.centre import NOW, SHIFT_STARTS, TODAY, Built, build_centre
from tests.operations.acts import (
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    Door,
    approved_visit,
    entry,
    own_badge,
    started_handover,
    visitor_badge,
)

# Each begins as another kind of formula; then follow markup of the screens, of the typesetter and of a template, a
# terminal's sequence, a direction mark, an invisible character, and SQL.
ATTACKS = tuple(
    f"{sign}[red]{{x}}[/]#eval[1]\x1b[31m\u202e\u200b'--" for sign in ("=A(1)", "+c|", "@S(1)", "-2+3")
)
SEEN = "[red]{x}[/]"
"""What has to be read of it, as it was written."""

# Columns in which people write, in whatever table they stand; a new table's are attacked as well.
WRITTEN = frozenset(
    [
        "asset",
        "carried",
        "closing_reason",
        "decision_reason",
        "department",
        "detail",
        "doctor_note",
        "found",
        "job_title",
        "label",
        "label_en",
        "name",
        "name_en",
        "next_step",
        "note",
        "outcome",
        "phone",
        "problem",
        "reason",
        "reference",
        "reported_to",
        "seat",
        "summary_text",
        "text",
        "title",
        "told_whom",
        "unit",
        "unit_en",
        "visitor",
        "words",
    ]
)
# Of the same name, but the program's own codes; the seat's number is a code of the centre.
OWN = frozenset(
    {
        "LimitChange.name",
        "PrintJob.detail",
        "PunchMapping.name",
        "Visit.reason",
        "DoorEvent.reason",
        "DoorEvent.outcome",
        "ResponsibilityCase.words",
        "SearchDocument.text",
    }
)


def hostile_centre(home: Path) -> Built:
    """Let half a night pass in a centre below ``home``, then turn everything people wrote into attacks."""
    built = build_centre(home)
    _live(built)
    store.write(_poison)
    return built


def harmless(text: str) -> bool:
    """Whether nothing in ``text`` acts on whoever shows it: no control, direction or invisible character."""
    return not any(unicodedata.category(sign) in ("Cc", "Cf") for sign in text if sign not in "\n\f\r")


def free_text() -> list[tuple[type[models.Table], peewee.Field]]:
    """Every column in which people write."""
    return [
        (table, field)
        for table in models.TABLES
        for field in table._meta.sorted_fields
        if type(field) in (peewee.CharField, peewee.TextField)
        and field.name in WRITTEN
        and f"{table.__name__}.{field.name}" not in OWN
    ]


def _live(built: Built) -> None:
    leader, manager = built.actors[LEADER], built.actors[MANAGER]
    kiosk = Door("main")
    kiosk.reads(own_badge(LEADER), SHIFT_STARTS - 12 * MINUTE)
    kiosk.reads(own_badge(OPERATOR), SHIFT_STARTS - 5 * MINUTE)
    visit = approved_visit(built, job_title="x", carried="x", phone="1")
    kiosk.admits(visitor_badge(visit.badge_label), own_badge(OPERATOR), NOW + MINUTE)
    kiosk.sends(NOW + MINUTE)
    entry(built, "x", kind="abnormal", told_whom="x", told_at=NOW, asset="x", department="x", seat="01")
    entry(built, "x", kind="complaint", open_item=True)
    shiftlog.open_item(leader, NOW, "x")
    permits.permit_seat_leave(leader, NOW, OPERATOR, "x", 10)
    reasons.set_visit_reason(manager, NOW, "own", "x", "x", "", False, TODAY)
    for template in templates.entry_templates(manager, NOW)[:1]:
        templates.set_entry_template(manager, NOW, template)
    day = TODAY + timedelta(days=2)
    wish = leave.LeaveWish(LeaveKind.PERSONAL, LeaveSpan(day, day), "x")
    leave.ask_leave(built.actors[OPERATOR], NOW, wish)
    started_handover(built, NOW + 2 * MINUTE)


def _poison() -> None:
    for place, (table, field) in enumerate(free_text()):
        attack = ATTACKS[place % len(ATTACKS)]
        key = table._meta.primary_key
        for number, row in enumerate(table.select(key)):
            # The end tells rows apart: a column may be unique.
            table.update({field: f"{attack}{number}"}).where(key == row._pk).execute()
