"""Breaches reported at the door (Art. 4): each becomes one record of the breach register, in the event's transaction."""

from __future__ import annotations

from datetime import datetime

import models
from locales import N_, _
from operations.boundary import Actor, Session
from operations.centre import civil_date, limits_at, zone
from operations.register_definitions import register_named
from operations.register_records import open_in
from operations.registers import NOBODY
from regulation.door_reports import REPORTED, UNNAMED_WITHIN, DoorReport, report_of, takes_no_more
from regulation.doorlog import DoorEventRecord
from regulation.limits import Limits
from regulation.register_table import BREACH
from regulation.registers import Value
from regulation.roles import Role

CROWDED = N_(
    "More than {most} breaches were reported at the door {door} without a name in the hour before {time}."
    " Those beyond that are in the door's own records alone."
)
AT_THE_DOOR = N_("Reported at the door {door} at {time}.")
UNKNOWN_NUMBER = N_("The work number given, {number}, is nobody's here.")


def take_report(session: Session, event: DoorEventRecord) -> None:
    """Write the report that an event carries; nobody is named unless a badge signed it.

    Nothing typed at a door may hold up its chain: what is not understood stays in the record as it was typed. A door holds
    back what comes too thick without a name; of a door that does not, the register takes one word that it was so.
    """
    limits = limits_at(event.at)
    earlier = _unnamed_before(event) if event.person_id is None else []
    if takes_no_more(earlier, event.at, limits):
        if not takes_no_more(earlier[1:], event.at, limits):
            _open(session, event, DoorReport("other"), _crowded(event, limits))
        return
    report = report_of(event.reason, event.evidence)
    person = _somebody(report.number)
    words = _words(event, report, known=person is not None)
    _open(session, event, report, words, person)


def _open(
    session: Session,
    event: DoorEventRecord,
    report: DoorReport,
    words: str,
    person: models.Person | None = None,
) -> None:
    values: dict[str, Value] = {
        "kind": report.kind,
        "happened_on": civil_date(event.at).isoformat(),
        "place": event.kiosk,
        "what": words,
    }
    if person is not None:
        values["person"] = person.work_number
    open_in(Session(_reporter(event), session.now), register_named(BREACH.key), values)


def _unnamed_before(event: DoorEventRecord) -> list[datetime]:
    """Return when this door reported without a name in the hour before an event, the earliest first."""
    row = models.DoorEvent
    query = row.select(row.at).where(
        row.kiosk == event.kiosk,
        row.sequence < event.sequence,
        row.code == REPORTED,
        row.person_id.is_null(),
        row.at > event.at - UNNAMED_WITHIN,
        row.at <= event.at,
    )
    return [earlier.at for earlier in query.order_by(row.sequence)]


def _crowded(event: DoorEventRecord, limits: Limits) -> str:
    at = event.at.astimezone(zone()).strftime("%H:%M")
    return _(CROWDED).format(most=limits["unnamed_reports_an_hour"], door=event.kiosk, time=at)


def _words(event: DoorEventRecord, report: DoorReport, *, known: bool) -> str:
    said = [report.note] if report.note else []
    if report.number and not known:
        said.append(_(UNKNOWN_NUMBER).format(number=report.number))
    at = event.at.astimezone(zone()).strftime("%H:%M")
    said.append(_(AT_THE_DOOR).format(door=event.kiosk, time=at))
    return " ".join(said)


def _somebody(number: str) -> models.Person | None:
    found: models.Person | None = models.Person.get_or_none(models.Person.work_number == number)
    return found


def _reporter(event: DoorEventRecord) -> Actor:
    person = models.Person.get_or_none(models.Person.id == event.person_id)
    if person is None:
        return NOBODY
    return Actor(person.id, person.work_number, person.name, Role(person.role))
