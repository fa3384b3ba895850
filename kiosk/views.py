"""What the door shows: plain data with messages to translate. No names of others, no leave kinds, no badge ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from locales import N_
from regulation.access import DOOR_CODES, DoorKnowledge, DoorVerdict, Outcome
from regulation.records import BadgeState, VisitReason
from regulation.values import value

Tone = Literal["calm", "green", "amber", "red"]

APPROVER_CODES: Final = ("refused.wrong_pin", "refused.may_not_approve")
"""Refusals of a leader who approves at the door, not of somebody who enters."""


class ViewKind(StrEnum):
    """Which picture the screen draws."""

    IDLE = "idle"
    VERDICT = "verdict"
    ESCORT = "escort"
    REASON = "reason"
    FORM = "form"
    WAITING = "waiting"
    TAKE_BADGE = "take_badge"
    APPROVER = "approver"
    PIN = "pin"
    MAINTENANCE = "maintenance"
    MUSTER_ASKED = "muster_asked"
    MUSTER = "muster"
    DRESS = "dress"
    REPORT = "report"
    REPORT_WORDS = "report_words"
    REPORT_SEND = "report_send"


@dataclass(frozen=True, slots=True)
class MusterRow:
    """Someone inside, for the muster in an emergency; ``escort`` is who answers for a visitor."""

    name: str
    since: datetime
    is_visitor: bool = False
    unit: str = ""
    escort: str = ""


@value
class View:
    """One picture. ``text`` and ``next_step`` are messages to translate, ``who`` is the badge's own holder.

    ``until`` is when the picture ends by itself; the screen counts down to it. ``subject`` and ``reason`` say to a
    leader whom they approve and what for; ``rows`` is the muster list. ``last_line`` is a reminder under it all.
    """

    kind: ViewKind
    tone: Tone
    text: str
    next_step: str = ""
    article: int | None = None
    who: str = ""
    code: str = ""
    label: str = ""
    until: datetime | None = None
    subject: str = field(default="", repr=False)
    reason: VisitReason | None = None
    rows: tuple[MusterRow, ...] = field(default=(), repr=False)
    last_line: str = ""
    last_article: int | None = None

    @property
    def bars_entry(self) -> bool:
        """Whether it tells whoever badged that they may not come in; a refused approver wanted something else."""
        kind = DOOR_CODES.get(self.code)
        return kind is not None and kind.outcome is Outcome.REFUSED and self.code not in APPROVER_CODES


IDLE_VIEW = View(ViewKind.IDLE, "calm", N_("Please badge"))
WORDS_REQUEST_REFUSED = N_("The desk did not approve this visit")
WORDS_NO_ANSWER = N_("The desk did not answer in time")
WORDS_ASK_LEADER = N_("Please ask the leader on duty")
WORDS_ESCORT = N_("Escort, please badge")
WORDS_ESCORT_WHO = N_("Someone of the centre who is on duty badges here")
WORDS_FORM = N_("Visitor registration")
WORDS_REACHED = N_("The desk has your request — please wait")
WORDS_SENDING = N_("Sending your request to the desk…")
WORDS_TAKE_BADGE = N_("Approved — take visitor badge {label} and badge here")
WORDS_LEADER_KEY = N_("A leader on duty may approve here: press 2")
WORDS_APPROVER = N_("Leader on duty, please badge")
WORDS_APPROVER_MANAGER = N_("Deputy manager, please badge")
WORDS_PIN = N_("Approve this visitor? Give your PIN")
WORDS_PIN_CHECKED = N_("Checking…")
WORDS_NO_SLIP = N_("This door cannot approve another visitor by itself")
WORDS_NO_VISITOR_BADGE = N_("All visitor badges are out")
WORDS_ASK_DESK = N_("Please wait for the desk's answer")
WORDS_PIN_RESTS = N_("Too many wrong PINs — please wait")
WORDS_MAINTENANCE = N_("Maintenance")
WORDS_MAINTENANCE_WHO = N_("Administrator: badge or work number, then PIN")
WORDS_MAINTENANCE_PIN = N_("Administrator, give your PIN")
WORDS_CLOSING = N_("The kiosk is being closed for maintenance")
WORDS_MUSTER_ASKED = N_("Emergency? Press 9 again for the muster list")
WORDS_MUSTER = N_("Muster: who is inside")
WORDS_DRESS = N_("Work clothes and work shoes, please")
WORDS_DRESS_KEYS = N_("1 or badge again: yes · 2: no")
WORDS_REPORT = N_("Report a breach — what was it?")
WORDS_REPORT_WORDS = N_("Who was it and where? Both may stay empty")
WORDS_REPORT_HOW = N_("Send it without your name, or with it?")
WORDS_REPORT_HOW_KEYS = N_("1: without a name · 2: with my name, by badge")
WORDS_REPORT_CROWDED = N_("This door takes no more reports without a name for now")
WORDS_REPORT_CROWDED_KEYS = N_("2: with my name, by badge · Esc: report it at the desk")
WORDS_REPORT_SIGN = N_("Please badge — this signs the report and opens nothing")
WORDS_REPORTED = N_("Thank you — your report is on record")
WORDS_REPORTED_NEXT = N_("Only the senior shift leader and the deputy manager read it")
WORDS_TAKES_OVER = N_("You answer for a visitor who is inside")
WORDS_STRIKE_FAULT = N_("The door does not open by itself")
WORDS_STRIKE_NEXT = N_("Recorded — please ask the leader on duty for the key")


def verdict_view(verdict: DoorVerdict, knowledge: DoorKnowledge, badge: str, until: datetime) -> View:
    """Return what the holder of ``badge`` sees of ``verdict``.

    The name appears only where the door opens for a valid badge: whoever holds a lost badge learns nothing.
    """
    words = verdict.door_code
    return View(
        ViewKind.VERDICT,
        _tone(verdict),
        words.text,
        words.next_step,
        None if words.outcome is Outcome.GRANTED else words.article,
        _holder(verdict, knowledge, badge),
        verdict.code,
        until=until,
    )


def _tone(verdict: DoorVerdict) -> Tone:
    outcome = verdict.outcome
    if outcome is Outcome.REFUSED:
        return "red"
    warned = verdict.findings or outcome is Outcome.NOTICE or verdict.code == "released.unknown_badge"
    return "amber" if warned or not outcome.opens else "green"


def _holder(verdict: DoorVerdict, knowledge: DoorKnowledge, badge: str) -> str:
    known = knowledge.badges.get(badge)
    if known is None or known.state is not BadgeState.ACTIVE or not verdict.outcome.opens:
        return ""
    if known.person_id is not None and known.person_id in knowledge.people:
        return knowledge.people[known.person_id].name
    visit = knowledge.visits_by_id.get(verdict.visit_id) if verdict.visit_id is not None else None
    return visit.visitor if visit is not None and visit.badge == badge else ""
