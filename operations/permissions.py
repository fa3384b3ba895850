"""Who may do what: one table, one check.

The administrator keeps people, badges and machines, and not the centre's business records.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from locales import N_
from regulation.roles import CENTRE_ROLES, Role


class Action(StrEnum):
    """Something an actor may be permitted to do."""

    READ_DESK = "read_desk"
    READ_DOOR = "read_door"
    READ_REGULATION = "read_regulation"
    WRITE_LOG = "write_log"
    HAND_OVER = "hand_over"
    PERMIT_SEAT_LEAVE = "permit_seat_leave"
    REQUEST_VISIT = "request_visit"
    DECIDE_VISIT = "decide_visit"
    EDIT_ROSTER = "edit_roster"
    PRINT_LOG = "print_log"
    KEEP_PEOPLE = "keep_people"
    SET_LIMITS = "set_limits"
    VERIFY = "verify"
    FEED_DOOR = "feed_door"
    LEND_BADGE = "lend_badge"
    REPORT_BADGE_LOST = "report_badge_lost"
    RESET_OCCUPANCY = "reset_occupancy"
    READ_MUSTER = "read_muster"
    ACKNOWLEDGE_ALARM = "acknowledge_alarm"
    KEEP_REASONS = "keep_reasons"
    KEEP_TEMPLATES = "keep_templates"
    WRITE_FIGURES = "write_figures"
    RECORD_CHECK = "record_check"
    KEEP_DAY_PLAN = "keep_day_plan"
    KEEP_WATCH = "keep_watch"
    OVERRIDE_HANDOVER = "override_handover"
    KEEP_ASSETS = "keep_assets"
    ASK_RESPONSIBILITY = "ask_responsibility"
    CONTEST_RESPONSIBILITY = "contest_responsibility"
    DECIDE_RESPONSIBILITY = "decide_responsibility"
    ASK_SWAP = "ask_swap"
    CONSENT_SWAP = "consent_swap"
    KEEP_ROTATIONS = "keep_rotations"
    KEEP_DEMAND = "keep_demand"
    ASK_WISH = "ask_wish"
    IMPORT_PUNCHES = "import_punches"
    SEE_OWN_ATTENDANCE = "see_own_attendance"
    SEE_ATTENDANCE = "see_attendance"
    ASK_CORRECTION = "ask_correction"
    DECIDE_CORRECTION = "decide_correction"
    SUBMIT_ATTENDANCE = "submit_attendance"
    ASK_LEAVE = "ask_leave"
    DECIDE_LEAVE = "decide_leave"
    KEEP_DELEGATES = "keep_delegates"
    KEEP_LEAVE_DAYS = "keep_leave_days"
    SEE_ASSESSMENT = "see_assessment"
    SEND_ASSESSMENT = "send_assessment"
    READ_AUDIT = "read_audit"
    READ_REGISTERS = "read_registers"
    KEEP_REGISTERS = "keep_registers"
    DEFINE_REGISTERS = "define_registers"
    ASK_CONFIDENTIAL = "ask_confidential"
    KEEP_DIRECTORY = "keep_directory"
    SEE_READINGS = "see_readings"
    KEEP_KEYS = "keep_keys"
    READ_SYSTEM = "read_system"
    KEEP_BACKUPS = "keep_backups"
    FORGET_VISITORS = "forget_visitors"


ACTION_NAMES: Mapping[Action, str] = MappingProxyType(
    {
        Action.READ_DESK: N_("see the shift"),
        Action.READ_DOOR: N_("see the door"),
        Action.READ_REGULATION: N_("read the regulation"),
        Action.WRITE_LOG: N_("write the log"),
        Action.HAND_OVER: N_("hand over"),
        Action.PERMIT_SEAT_LEAVE: N_("permit leaving a seat"),
        Action.REQUEST_VISIT: N_("register a visit"),
        Action.DECIDE_VISIT: N_("decide a visit"),
        Action.EDIT_ROSTER: N_("edit the roster"),
        Action.PRINT_LOG: N_("print the log"),
        Action.KEEP_PEOPLE: N_("keep people and badges"),
        Action.SET_LIMITS: N_("set limits"),
        Action.VERIFY: N_("verify the records"),
        Action.FEED_DOOR: N_("report door events"),
        Action.LEND_BADGE: N_("lend a temporary badge"),
        Action.REPORT_BADGE_LOST: N_("report a badge lost"),
        Action.RESET_OCCUPANCY: N_("mark someone as not inside"),
        Action.READ_MUSTER: N_("see the muster list"),
        Action.ACKNOWLEDGE_ALARM: N_("see to an alarm of the door"),
        Action.KEEP_REASONS: N_("change the reasons to enter"),
        Action.KEEP_TEMPLATES: N_("change the templates of the log"),
        Action.WRITE_FIGURES: N_("enter daily figures"),
        Action.RECORD_CHECK: N_("record spot checks"),
        Action.KEEP_DAY_PLAN: N_("change what is counted and checked each day"),
        Action.KEEP_WATCH: N_("watch what falls due"),
        Action.OVERRIDE_HANDOVER: N_("override a handover"),
        Action.KEEP_ASSETS: N_("keep the list of keys and assets"),
        Action.ASK_RESPONSIBILITY: N_("ask who answers for a problem"),
        Action.CONTEST_RESPONSIBILITY: N_("contest who answers for a problem"),
        Action.DECIDE_RESPONSIBILITY: N_("decide who answers for a problem"),
        Action.ASK_SWAP: N_("swap duties"),
        Action.CONSENT_SWAP: N_("consent to a swap"),
        Action.KEEP_ROTATIONS: N_("change rotations, seasons and the calendar"),
        Action.KEEP_DEMAND: N_("say how many people a shift needs"),
        Action.ASK_WISH: N_("wish for days and shifts"),
        Action.IMPORT_PUNCHES: N_("import punches"),
        Action.SEE_OWN_ATTENDANCE: N_("see one's own attendance"),
        Action.SEE_ATTENDANCE: N_("see everyone's attendance"),
        Action.ASK_CORRECTION: N_("ask for a correction of attendance"),
        Action.DECIDE_CORRECTION: N_("decide a correction of attendance"),
        Action.SUBMIT_ATTENDANCE: N_("submit a month of attendance"),
        Action.ASK_LEAVE: N_("ask for leave"),
        Action.DECIDE_LEAVE: N_("decide leave"),
        Action.KEEP_DELEGATES: N_("record who stands in for an approver"),
        Action.KEEP_LEAVE_DAYS: N_("grant days of leave"),
        Action.SEE_ASSESSMENT: N_("see the monthly assessment"),
        Action.SEND_ASSESSMENT: N_("send the monthly assessment"),
        Action.READ_AUDIT: N_("read who did what"),
        Action.READ_REGISTERS: N_("read registers"),
        Action.KEEP_REGISTERS: N_("keep registers"),
        Action.DEFINE_REGISTERS: N_("define registers of the centre's own"),
        Action.ASK_CONFIDENTIAL: N_("ask to read something confidential"),
        Action.KEEP_DIRECTORY: N_("keep the confidential directory"),
        Action.SEE_READINGS: N_("see who read what is confidential"),
        Action.KEEP_KEYS: N_("keep the keys of confidential text"),
        Action.READ_SYSTEM: N_("see the system"),
        Action.KEEP_BACKUPS: N_("make backups"),
        Action.FORGET_VISITORS: N_("remove visitors' details past their term"),
    }
)

_EVERYONE = frozenset({Action.READ_REGULATION})
# The muster list is for everyone's safety: whoever works in the centre may count heads.
_CENTRE = _EVERYONE | {
    Action.READ_DESK,
    Action.REQUEST_VISIT,
    Action.READ_MUSTER,
    # Art. 25: whoever worked in one of the two shifts may say why the answer is wrong.
    Action.CONTEST_RESPONSIBILITY,
    # Art. 38: everyone asks for themselves.
    Action.ASK_SWAP,
    # Whoever is rostered may say what suits; what others wished is for those who roster.
    Action.ASK_WISH,
    # Art. 33: everyone sees what is said of their own duties, and may say why it is wrong.
    Action.SEE_OWN_ATTENDANCE,
    Action.ASK_CORRECTION,
    Action.ASK_LEAVE,
    # Art. 31: whether something is theirs to know is said where it is written; who asks for more is on record.
    Action.ASK_CONFIDENTIAL,
    # Art. 35: who decides is the route's word and a delegate's record; anyone of the centre may be a delegate.
    Action.DECIDE_LEAVE,
    # Which register, and which record of it, is the register's own word (regulation.registers).
    Action.READ_REGISTERS,
    Action.KEEP_REGISTERS,
}
_LEADER = _CENTRE | {
    Action.READ_DOOR,
    Action.WRITE_LOG,
    Action.HAND_OVER,
    Action.PERMIT_SEAT_LEAVE,
    Action.DECIDE_VISIT,
    Action.EDIT_ROSTER,
    Action.PRINT_LOG,
    Action.VERIFY,
    Action.LEND_BADGE,
    Action.REPORT_BADGE_LOST,
    Action.RESET_OCCUPANCY,
    Action.ACKNOWLEDGE_ALARM,
    Action.WRITE_FIGURES,
    Action.RECORD_CHECK,
    Action.KEEP_ASSETS,
    Action.ASK_RESPONSIBILITY,
    Action.CONSENT_SWAP,
    Action.SEE_ATTENDANCE,
    Action.DECIDE_CORRECTION,
    Action.SUBMIT_ATTENDANCE,
    Action.KEEP_DELEGATES,
    Action.READ_SYSTEM,
}
_SETS_RULES = {
    Action.SET_LIMITS,
    Action.KEEP_REASONS,
    Action.KEEP_TEMPLATES,
    Action.KEEP_DAY_PLAN,
    Action.KEEP_ROTATIONS,
    Action.KEEP_DEMAND,
    Action.DEFINE_REGISTERS,
}
# A senior shift leader and the deputy manager stand above the leaders of the shifts.
# Art. 33: a shift leader's own attendance does not hang on a file that the leader brings.
_STANDS_ABOVE = {
    Action.OVERRIDE_HANDOVER,
    Action.DECIDE_RESPONSIBILITY,
    Action.KEEP_LEAVE_DAYS,
    Action.IMPORT_PUNCHES,
    Action.KEEP_DIRECTORY,
    Action.SEE_READINGS,
    Action.KEEP_KEYS,
    # Art. 3: what is found of the leaders of the shifts is not theirs to read through.
    Action.SEE_ASSESSMENT,
    Action.READ_AUDIT,
}

PERMISSIONS: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        **dict.fromkeys(CENTRE_ROLES, _CENTRE),
        Role.SHIFT_LEADER: _LEADER,
        Role.QA_INSPECTOR: _CENTRE | {Action.WRITE_LOG, Action.RECORD_CHECK, Action.ASK_RESPONSIBILITY},
        Role.STATISTICIAN: _CENTRE
        | {Action.WRITE_FIGURES, Action.SEE_ATTENDANCE, Action.IMPORT_PUNCHES, Action.SEE_ASSESSMENT},
        Role.SENIOR_SHIFT_LEADER: _LEADER | _SETS_RULES | _STANDS_ABOVE,
        # Art. 3, 44: what goes to the operations department goes under the deputy manager's name.
        Role.DEPUTY_MANAGER: _LEADER | _SETS_RULES | _STANDS_ABOVE | {Action.SEND_ASSESSMENT},
        Role.ADMIN: _EVERYONE
        # What an administrator reads of the audit is people, badges, sign-ins and refusals: see audit_browser.
        | {
            Action.KEEP_PEOPLE,
            Action.REPORT_BADGE_LOST,
            Action.READ_DOOR,
            Action.VERIFY,
            Action.KEEP_KEYS,
            Action.READ_SYSTEM,
            Action.KEEP_BACKUPS,
            Action.FORGET_VISITORS,
            Action.READ_AUDIT,
        },
        Role.COMPANY_EMPLOYEE: _EVERYONE,
        Role.OUTSIDE_VISITOR: frozenset(),
    }
)
# The program's own writes: the kiosk reports what happened at its door, setting up fills an empty centre, and the
# watch (which no role keeps) runs by itself.
DOOR_ACTIONS = frozenset({Action.FEED_DOOR, Action.REQUEST_VISIT, Action.READ_DOOR})


def permitted(role: Role) -> frozenset[Action]:
    """What ``role`` may do."""
    return PERMISSIONS[role]
