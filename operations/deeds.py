"""What a watch keeps when it falls due: a finding nobody's deed has brought about, news for one person. Each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import models
from operations import notices
from operations.boundary import Session
from operations.centre import the_centre
from operations.findings import keep_findings
from regulation.records import PersonStatus
from regulation.roles import Role

# A machine that was off for longer than this has nobody who would still act on what it finds.
LOOKBACK = timedelta(days=31)


class Deed(Protocol):
    """Something that is due: ``source`` names it for ever, ``keep`` writes it."""

    @property
    def source(self) -> str: ...

    def keep(self, session: Session) -> None: ...


@dataclass(frozen=True, slots=True)
class FindingDue:
    """A finding that nobody's deed has brought about, but that time has."""

    source: str
    fields: Mapping[str, Any]
    limits_version: str

    def keep(self, _session: Session) -> None:
        """Keep it, once."""
        keep_findings(self.source, [self.fields], self.limits_version)


@dataclass(frozen=True, slots=True)
class NewsDue:
    """News for one person."""

    source: str
    person_id: int
    kind: str
    subject: str
    details: Mapping[str, str] = field(default_factory=dict)

    def keep(self, session: Session) -> None:
        """Tell it, once."""
        notices.tell_person(
            session, self.person_id, self.kind, self.subject, self.source, **dict(self.details)
        )


def watched_from(now: datetime) -> datetime:
    """Return since when the centre is watched, as far as anybody still acts on it."""
    centre = the_centre()
    since: datetime = centre.watched_from or centre.created_at
    return max(since, now - LOOKBACK)


def higher_leaders() -> list[models.Person]:
    """Return the senior shift leaders; where there is none, the deputy managers."""
    person = models.Person
    for role in (Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER):
        found = list(person.select().where(person.role == role, person.status == PersonStatus.ACTIVE))
        if found:
            return found
    return []


def not_kept(due: Sequence[FindingDue]) -> list[FindingDue]:
    """Return those of ``due`` that are not among the findings; one was kept under its source and its place."""
    kept = models.Finding
    wanted = [f"{deed.source}#0" for deed in due]
    known = {row.source for row in kept.select(kept.source).where(kept.source.in_(wanted))} if due else set()
    return [deed for deed in due if f"{deed.source}#0" not in known]


def not_told(due: Sequence[NewsDue]) -> list[NewsDue]:
    """Return those of ``due`` that nobody has been told."""
    note = models.Notification
    wanted = [deed.source for deed in due]
    known = {row.source for row in note.select(note.source).where(note.source.in_(wanted))} if due else set()
    return [deed for deed in due if deed.source not in known]
