"""Breaches reported at the door (Art. 4): each becomes one record of the breach register, in the event's transaction."""

from __future__ import annotations

import models
from locales import N_, _
from operations.boundary import Actor, Session
from operations.centre import civil_date, zone
from operations.register_definitions import register_named
from operations.register_records import open_in
from operations.registers import NOBODY
from regulation.door_reports import DoorReport, report_of
from regulation.doorlog import DoorEventRecord
from regulation.register_table import BREACH
from regulation.registers import Value
from regulation.roles import Role

AT_THE_DOOR = N_("Reported at the door {door} at {time}.")
UNKNOWN_NUMBER = N_("The work number given, {number}, is nobody's here.")


def take_report(session: Session, event: DoorEventRecord) -> None:
    """Write the report that an event carries; nobody is named unless a badge signed it.

    Nothing typed at a door may hold up its chain: what is not understood stays in the record as it was typed.
    """
    report = report_of(event.reason, event.evidence)
    person = _somebody(report.number)
    values: dict[str, Value] = {
        "kind": report.kind,
        "happened_on": civil_date(event.at).isoformat(),
        "place": event.kiosk,
        "what": _words(event, report, known=person is not None),
    }
    if person is not None:
        values["person"] = person.work_number
    open_in(Session(_reporter(event), session.now), register_named(BREACH.key), values)


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
