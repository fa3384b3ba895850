"""Where in the product each article is kept, in words a shift leader understands: beside the parts that keep it.

A place is a mode of the desk by its name, or one of :data:`OTHER_PLACES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from regulation.marking import N_

TODAY, ROSTER, HANDOVER, ATTENDANCE = "today", "roster", "handover", "attendance"
LEAVE, ROOM, REGISTERS, REGULATION, SYSTEM = (
    "leave_swaps",
    "machine_room",
    "registers",
    "regulation",
    "system",
)
DOOR, PAPER, WATCH = "door", "paper", "watch"
OTHER_PLACES: Mapping[str, str] = MappingProxyType(
    {DOOR: N_("The door"), PAPER: N_("On paper"), WATCH: N_("By itself")}
)


@dataclass(frozen=True, slots=True)
class KeptAt:
    """A place of the product and what it does there for the article; ``words`` is a message."""

    place: str
    words: str


def _kept(*pairs: tuple[str, str]) -> tuple[KeptAt, ...]:
    return tuple(KeptAt(place, words) for place, words in pairs)


_LOOK_UP = (REGULATION, N_("everyone can look it up"))
_PATROL = (REGISTERS, N_("patrol inspections name what was seen, whom, and what was done"))
_QA = (REGISTERS, N_("QA forms score it line by line, with trends per person"))

KEPT_WORDS: Mapping[int, tuple[KeptAt, ...]] = MappingProxyType(
    {
        1: _kept(_LOOK_UP),
        2: _kept(
            (SYSTEM, N_("everyone has a work number and a role, and may do what the role may")),
            (DOOR, N_("who is not of the centre does not come in without a visit")),
        ),
        3: _kept((REGULATION, N_("the monthly assessment: findings, rates, late reports"))),
        4: _kept(
            (REGISTERS, N_("breach reports, by name or not, followed to closure")),
            (DOOR, N_("anyone can report at the door")),
        ),
        5: _kept(
            (TODAY, N_("daily figures stand beside their targets")),
            (REGULATION, N_("the assessment shows how often a target was missed")),
        ),
        6: _kept((HANDOVER, N_("an entry names the department it went to, and when it answered"))),
        7: _kept(
            (TODAY, N_("the day's spot checks, link by link; overdue items go a rank up")),
            (WATCH, N_("a link nobody checked becomes a finding when the day ends")),
        ),
        8: _kept(
            (TODAY, N_("a form of figures for each shift, with its deadline")),
            (WATCH, N_("late and missing figures become findings")),
        ),
        9: _kept(
            (
                HANDOVER,
                N_("every entry carries its work number; a complaint stays open until the user is satisfied"),
            )
        ),
        10: _kept(
            (TODAY, N_("open items stand VIP and overdue first")),
            (REGISTERS, N_("typing and skill tests with their results over time")),
        ),
        11: _kept(
            (HANDOVER, N_("an abnormal event names who was told and when")),
            (WATCH, N_("told to nobody in time, it becomes a finding")),
        ),
        12: _kept((REGISTERS, N_("training with who came and with what result"))),
        13: _kept((REGISTERS, N_("rewards and penalties, each with what it is for"))),
        14: _kept(
            (TODAY, N_("permits to leave a seat, with the time that is left")),
            (
                DOOR,
                N_("leaving on duty without one, or coming back late, is a finding; no exit is ever blocked"),
            ),
        ),
        15: _kept(
            (DOOR, N_("work clothes and shoes are confirmed at the door")),
            (REGISTERS, N_("cleaning of every shift, on holidays too")),
        ),
        16: _kept(_PATROL),
        17: _kept(_PATROL),
        18: _kept(
            (
                REGISTERS,
                N_("permits to lock a line, with a running clock; without one, or overrun, it is a finding"),
            )
        ),
        19: _kept(
            (HANDOVER, N_("equipment is checked at every handover")),
            (REGISTERS, N_("damage is followed until it is mended")),
        ),
        20: _kept(
            (DOOR, N_("nobody from outside comes in without an approved visit and an escort")),
            (ROOM, N_("visits, escorts, who is inside, every refusal")),
        ),
        21: _kept(
            (DOOR, N_("the door log says who came early enough")),
            (HANDOVER, N_("four areas are checked one by one before both sides sign")),
        ),
        22: _kept(
            (
                HANDOVER,
                N_("nothing open is left without a reason and a next step, or the log cannot be signed"),
            )
        ),
        23: _kept(
            (HANDOVER, N_("a dispute is written down with both names and told to a leader before signing"))
        ),
        24: _kept(
            (DOOR, N_("leaving before the relief has signed is a finding; no exit is ever blocked")),
            (HANDOVER, N_("who has been relieved, and by whom")),
        ),
        25: _kept(
            (HANDOVER, N_("who answers for a problem found later, from the sealed record, with its evidence"))
        ),
        26: _kept((REGISTERS, N_("the yearly undertaking of each person, with its end")), _LOOK_UP),
        27: _kept(_PATROL, _LOOK_UP),
        28: _kept(
            (REGULATION, N_("the confidential directory is masked until it is revealed with a reason"))
        ),
        29: _kept(_PATROL, _LOOK_UP),
        30: _kept(_LOOK_UP),
        31: _kept(
            (HANDOVER, N_("confidential entries are for those who need them, by role or by name")),
            (REGULATION, N_("who read what stands on the record")),
        ),
        32: _kept(
            (SYSTEM, N_("confidential text and backups are encrypted")),
            (PAPER, N_("what is confidential is struck out")),
        ),
        33: _kept(
            (ATTENDANCE, N_("every verdict follows from evidence; a correction needs a second person")),
            (REGULATION, N_("who did what stands on a chain that shows every change")),
        ),
        34: _kept(
            (
                ATTENDANCE,
                N_("the leader submits the month with its printed formula; from then on it is frozen"),
            ),
            (WATCH, N_("a month that is not in on time becomes a finding")),
        ),
        35: _kept((LEAVE, N_("leave goes to whom it must go, a day ahead; later it is refused"))),
        36: _kept((LEAVE, N_("what the deputy manager must approve is not in effect before"))),
        37: _kept((LEAVE, N_("sick leave over a day is not approved without the doctor's note"))),
        38: _kept(
            (LEAVE, N_("a swap needs both people and a leader; it moves the duty and all that hangs on it"))
        ),
        39: _kept(_QA),
        40: _kept(_QA),
        41: _kept(_QA),
        42: _kept((REGISTERS, N_("what was passed on to the manager's line, instead of arguing"))),
        43: _kept(_QA),
        44: _kept(
            (REGULATION, N_("the monthly assessment is sent by the deputy manager, late is a finding"))
        ),
    }
)
