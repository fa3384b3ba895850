"""What a rule says: findings and the codes they carry.

A code is stable for ever: it is stored, exported and searched. Its words may improve.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from regulation.marking import N_
from regulation.values import value


@dataclass(frozen=True, slots=True)
class FindingCode:
    """A kind of finding: the article it breaches and the sentence that says so (``{name}`` fields allowed)."""

    code: str
    article: int
    text: str


SEEN_ON_PATROL = (15, 16, 17, 18, 19, 27, 29)
"""The articles whose breaches a patrol sees (Art. 15-19), or is told of in the room (27, 29)."""

REPORTED_BREACHES = (4, 14, 15, 16, 17, 18, 19, 20, 21, 27, 28, 29, 33, 42)
"""The articles that a report can be about; what names none of them is about the report itself (Art. 4)."""

FOLLOWED_UP: Mapping[str, int] = MappingProxyType(
    {
        "breach": 4,
        "training": 12,
        "reward": 13,
        "cleaning": 15,
        "patrol": 16,
        "damage": 19,
        "qa_form": 40,
        "escalation": 42,
    }
)
"""Registers whose records must not wait past their limit, each with the article that says so."""

HOUSE_RULE = 0
"""The article of what the regulation does not ask for: a rule that the centre gave itself."""

OWN_REGISTER_WAITS = "own_register_waits"
"""A record of a centre's own register waited too long; the finding cites the article that the register names."""

FINDING_CODES: Mapping[str, FindingCode] = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            FindingCode("item_overdue", 7, N_("An open item was overdue by {minutes} min: {title}")),
            FindingCode("link_unchecked", 7, N_("Nobody checked that day: {link}")),
            FindingCode("figures_late", 8, N_("The figures of the {shift} of {date} were not in on time")),
            FindingCode("figures_missing", 8, N_("The figures of the {shift} of {date} are missing")),
            FindingCode("abnormal_untold", 11, N_("An abnormal event was told to nobody in time")),
            FindingCode("left_without_permit", 14, N_("Left the machine room on duty without a permit")),
            FindingCode("permit_overrun", 14, N_("Came back {minutes} min after the permit ended")),
            FindingCode("dress_unconfirmed", 15, N_("Came in without confirming work clothes and shoes")),
            FindingCode("door_forced", 20, N_("The door was opened without a release")),
            FindingCode("door_held", 20, N_("The door stood open for {seconds} s")),
            FindingCode("refused_in_a_row", 20, N_("{count} refusals in a row at one reader")),
            FindingCode("visitor_unescorted", 20, N_("A visitor was inside without an escort")),
            FindingCode(
                "badge_uncollected", 20, N_("The temporary badge {label} was not handed back in time")
            ),
            FindingCode("clock_jumped", 33, N_("The door's clock jumped by {seconds} s")),
            FindingCode("entry_refused", 20, N_("Entry refused: {why}")),
            FindingCode("visitor_left_behind", 20, N_("The escort left while a visitor was still inside")),
            FindingCode(
                "visitor_overstayed", 20, N_("A visitor stayed {minutes} min past the permitted time")
            ),
            FindingCode("relief_late", 21, N_("Came {minutes} min too late to be ten minutes early")),
            FindingCode("duty_late", 21, N_("Came {minutes} min after the shift began")),
            FindingCode("handover_unsigned", 21, N_("The handover of the {shift} of {date} stayed unsigned")),
            FindingCode("relief_no_show", 21, N_("The relieving leader did not come: {reason}")),
            FindingCode("closed_alone", 21, N_("The shift was closed by one leader alone: {reason}")),
            FindingCode("handover_overridden", 23, N_("A higher leader overrode the handover: {what}")),
            FindingCode("outgoing_no_show", 24, N_("The outgoing leader was gone before the relief signed")),
            FindingCode("handover_disputed", 23, N_("A dispute at the handover: {subject}")),
            FindingCode("left_before_relief", 24, N_("Left before the relief had signed")),
            FindingCode("duty_left_early", 11, N_("Left {minutes} min before the duty ended")),
            FindingCode(
                "number_asked",
                28,
                N_("Asked for the confidential number of {name}, which is not theirs to know"),
            ),
            FindingCode(
                "secret_asked", 31, N_("Asked to read something confidential that is not theirs to know")
            ),
            FindingCode("absent_without_leave", 35, N_("Did not come for a duty, without leave")),
            FindingCode(
                "attendance_late", 34, N_("The attendance of team {team} for {month} was not in on time")
            ),
            FindingCode("cleaning_missing", 15, N_("Nobody saw to the cleaning of the {shift} of {date}")),
            FindingCode("line_lock_overrun", 18, N_("A line stayed locked after its permit: {line}")),
            FindingCode("undertaking_missing", 26, N_("No confidentiality undertaking is in force")),
            *(
                FindingCode(f"seen_{article}", article, N_("Seen on patrol: {what}"))
                for article in SEEN_ON_PATROL
            ),
            *(
                FindingCode(f"breach_{article}", article, N_("A report was found true: no. {number}"))
                for article in REPORTED_BREACHES
            ),
            *(
                FindingCode(f"{register}_waits", article, N_("{register} no. {number} waited too long"))
                for register, article in FOLLOWED_UP.items()
            ),
            FindingCode(OWN_REGISTER_WAITS, HOUSE_RULE, N_("{register} no. {number} waited too long")),
            FindingCode("assessment_late", 44, N_("The assessment of {month} was not sent on time")),
        )
    }
)


@value
class Finding:
    """One breach, as a rule found it.

    ``at`` is when it happened (aware UTC). ``evidence`` are ids such as ``door:main-12`` or ``duty:88`` that lead
    to what the rule saw. ``limits_version`` names the limits that were in force.
    """

    code: str
    at: datetime
    person_id: int | None = None
    duty_id: int | None = None
    evidence: tuple[str, ...] = ()
    limits_version: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def article(self) -> int:
        """The article this finding cites."""
        return FINDING_CODES[self.code].article

    def shown_by(self, *proofs: str) -> Finding:
        """Return the finding with more evidence behind what it has."""
        evidence = (*self.evidence, *proofs)
        return Finding(
            self.code, self.at, self.person_id, self.duty_id, evidence, self.limits_version, self.details
        )


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that must be settled before a step may be taken, with the article that demands it.

    ``subject`` leads to what blocks (``item:12``, ``line:3``); ``text`` is a message with ``{name}`` fields.
    """

    article: int
    code: str
    subject: str
    text: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not be done, with the article that says so and what to do instead.

    ``text`` and ``next_step`` are messages with ``{name}`` fields that ``details`` and ``instants`` (aware UTC, shown
    in the centre's time) fill.
    """

    article: int
    code: str
    text: str
    next_step: str
    details: Mapping[str, str] = field(default_factory=dict)
    instants: Mapping[str, datetime] = field(default_factory=dict)
