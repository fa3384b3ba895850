"""What happens at the demo's door besides coming and going: the scenes a rulebook and a door must get right.

Each scene acts on the running kiosk's devices and screen and through the public operations; what became of it is
read from the records afterwards. Times count in minutes from the start of a shift.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kiosk import views
from kiosk.demo.door import DemoKiosk
from kiosk.form import SEND
from locales import N_, _, translate
from operations import alarms, badges, occupancy, permits
from operations.demo_centre import DEMO_PIN, DemoCentre, Member, demo_badge
from operations.demo_roster import Slot
from operations.demo_shift import Beat, DemoDoor, minutes, writes
from operations.demo_words import EntryWords, VisitorWords
from regulation.records import Direction

STRANGERS_BADGE = "5A17C0FFEE"
BORROWED = "T-01"
BORROWED_HOURS = 7

NOTE_FORCED = N_("The door is opened without a release: an alarm at the desk (Art. 20)")
NOTE_HELD = N_("The door is held open: an alarm at the desk (Art. 20)")
NOTE_OVERSTAYED = N_("A visitor stays past the end of the visit: an alarm at the desk (Art. 20)")
NOTE_BORROWED = N_("{name} has forgotten the badge and is lent a temporary one (Art. 20)")
NOTE_LOST = N_("{name} reports a badge lost in the middle of the shift")
NOTE_CUT = N_("The door's cable to the centre is pulled")
NOTE_LOST_TRIED = N_("The lost badge is tried while the centre is away: refused (Art. 20)")
NOTE_WALK_UP = N_("A visitor at the door: the leader's badge and PIN approve, the centre is still away")
NOTE_JOINED = N_("The centre is back: withdrawn badges first, then the door's records")
NOTE_LOST_AGAIN = N_("The badges reported lost are tried again: refused (Art. 20)")
NOTE_KILLED = N_("The door's program is killed and started again")
NOTE_BUTTON = N_("{name} leaves by the exit button, without a badge")
NOTE_RESET = N_("The leader corrects who is inside, with a reason")
NOTE_UNPLUGGED = N_("The entry reader's plug is pulled")
NOTE_REPLUGGED = N_("The entry reader is plugged in again")

HELD_AFTER = timedelta(seconds=31)
"""A second more than the door may stand open (``door_held_seconds``)."""

_READER_FAULT = EntryWords(
    "equipment", "机房进门读卡器无应答，出门不受影响；查为接线松动，重新插好后刷卡正常。", told="维护值班 李强",
    asset="进门读卡器",
)  # fmt: skip
_REPAIRER = VisitorWords(
    "孙立",
    "传输线路抢修队",
    "maintenance",
    "抢修单 0312",
    "137 0581 2096",
    job_title="抢修员",
    carried="熔接机",
)


@dataclass(frozen=True)
class Scenes:
    """The scenes of one shift at one door; ``crew`` is its people, the leader first."""

    kiosk: DemoKiosk
    centre: DemoCentre
    slot: Slot
    crew: Sequence[Member]

    @property
    def leader(self) -> Member:
        """Who leads the shift."""
        return self.crew[0]

    def at(self, minute: float) -> datetime:
        """Return the time ``minute`` minutes into the shift."""
        return self.slot.starts_at + minutes(minute)

    def forced(self, minute: float, found: str) -> list[Beat]:
        """The door is opened without a release, and falls shut; the leader sees to the alarm."""
        at = self.at(minute)

        def is_quiet(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.settle(now)  # the door has done with whoever passed before, the strike too

        def force_leaf(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.force_leaf(now)

        return [
            Beat(at - timedelta(minutes=1), is_quiet),
            Beat(at, force_leaf, _(NOTE_FORCED)),
            self._shut(at + timedelta(seconds=12)),
            self._seen_to("alarm.forced", minute + 4, found),
        ]

    def held(self, opened_at: datetime, found: str = "") -> list[Beat]:
        """Someone who has just been let in holds the door open; without ``found`` nobody has seen to it yet."""

        def open_leaf(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.open_leaf(now)

        def is_held(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.expect(now, "alarm.held")

        minute = (opened_at - self.slot.starts_at) / timedelta(minutes=1)
        beats = [
            Beat(opened_at, open_leaf),
            Beat(opened_at + HELD_AFTER, is_held, _(NOTE_HELD)),
            self._shut(opened_at + timedelta(seconds=48)),
        ]
        return [*beats, self._seen_to("alarm.held", minute + 5, found)] if found else beats

    def overstayed(self, ends_at: datetime, found: str) -> list[Beat]:
        """The time of a visitor inside is over, and the leader goes to look."""
        minute = (ends_at - self.slot.starts_at) / timedelta(minutes=1)

        def is_over(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.expect(now, "alarm.overstayed")

        return [
            Beat(ends_at + timedelta(seconds=1), is_over, _(NOTE_OVERSTAYED)),
            self._seen_to("alarm.overstayed", minute + 6, found),
        ]

    def badge_is_lent(self, borrower: Member, minute: float) -> list[Beat]:
        """The leader lends a temporary badge; nobody will bring it back in time."""

        def lend(_door: DemoDoor, now: datetime) -> None:
            leader = self.leader.actor
            badges.lend_temporary_badge(leader, now, borrower.number, BORROWED, "忘带工卡", BORROWED_HOURS)
            self.kiosk.learn(now)

        return [Beat(self.at(minute), lend, _(NOTE_BORROWED).format(name=borrower.name))]

    def pulled_plug(self, minute: float) -> list[Beat]:
        """The entry reader goes and comes back; leaving works all the while, because nothing delays an exit."""

        def pull(_door: DemoDoor, _now: datetime) -> None:
            self.kiosk.unplug("in")

        def plug_in(_door: DemoDoor, _now: datetime) -> None:
            self.kiosk.replug("in")

        return [
            Beat(self.at(minute), pull, _(NOTE_UNPLUGGED)),
            writes(self.leader, self.at(minute + 13), _READER_FAULT),
            Beat(self.at(minute + 15), plug_in, _(NOTE_REPLUGGED)),
        ]

    def leaves_by_button(self, patient: Member, minute: float) -> list[Beat]:
        """Someone ill is led out past the readers; the records say they are inside until the leader corrects them."""

        def allow(_door: DemoDoor, now: datetime) -> None:
            permits.permit_seat_leave(self.leader.actor, now, patient.number, "发烧，外出就医", 120)
            self.kiosk.learn(now)

        def press(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.press_exit(now)

        def correct(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.settle(now)
            occupancy.reset_occupancy(
                self.leader.actor,
                now,
                work_number=patient.number,
                reason="由同事扶出，未刷卡；家属来电已到医院",
            )
            self.kiosk.expect(now, "note.reset")

        return [
            Beat(self.at(minute), allow),
            Beat(self.at(minute + 1), press, _(NOTE_BUTTON).format(name=patient.name)),
            Beat(self.at(minute + 18), correct, _(NOTE_RESET)),
        ]

    def cut_off(self, minute: float, losers: Sequence[Member]) -> list[Beat]:
        """A badge is reported lost, the cable is pulled, and the door decides alone until it is joined again.

        A second badge is reported lost meanwhile: the door cannot know, and knows it first when the centre is back.
        """
        first, second = losers

        def lost(_door: DemoDoor, now: datetime) -> None:
            badges.report_badge_lost(self.leader.actor, now, first.number, "来电报失")
            permits.permit_seat_leave(
                self.centre.members["1001"].actor, now, self.leader.number, "到门口接抢修人员", 30
            )
            self.kiosk.learn(now)

        def cut(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.cut_off(now)

        def lost_too(_door: DemoDoor, now: datetime) -> None:
            badges.report_badge_lost(self.leader.actor, now, second.number, "来电报失")

        def join(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.joined_again(now)

        return [
            Beat(self.at(minute - 8), lost, _(NOTE_LOST).format(name=first.name)),
            Beat(self.at(minute), cut, _(NOTE_CUT)),
            self._tried(first, minute + 2, _(NOTE_LOST_TRIED)),
            *self._walk_up(minute + 4),
            Beat(self.at(minute + 11), lost_too),
            Beat(self.at(minute + 16), join, _(NOTE_JOINED)),
            self._tried(second, minute + 17, _(NOTE_LOST_AGAIN)),
            self._tried(first, minute + 18),
        ]

    def killed(self, minute: float) -> list[Beat]:
        """The kiosk's process is killed and started again: who is inside and what was recorded must be there."""

        def kill(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.killed_and_started(now)

        return [Beat(self.at(minute), kill, _(NOTE_KILLED))]

    # --- parts of scenes ------------------------------------------------------------------------------------

    def _shut(self, at: datetime) -> Beat:
        def close_leaf(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.close_leaf(now)
            self.kiosk.expect(now, "note.closed")

        return Beat(at, close_leaf)

    def _seen_to(self, code: str, minute: float, found: str) -> Beat:
        """The leader says of every alarm of ``code`` what was found."""

        def acknowledge(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.settle(now)
            for alarm in alarms.alarms_waiting(self.leader.actor, now):
                if alarm.code == code:
                    alarms.acknowledge_alarm(self.leader.actor, now, alarm.subject, found)

        return Beat(self.at(minute), acknowledge)

    def _tried(self, loser: Member, minute: float, note: str = "") -> Beat:
        def swipe(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.swipe(now, loser.badge, Direction.IN)

        return Beat(self.at(minute), swipe, note)

    def _walk_up(self, minute: float) -> list[Beat]:
        """A visitor writes the form at the door, the leader comes out and approves it there, and leads the visitor in."""

        def comes_out(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.swipe(now, self.leader.badge, Direction.OUT)

        def is_approved(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.wait(now)
            _fill_in(self.kiosk, _REPAIRER, self.leader.number)
            self.kiosk.press("2", _shown(views.WORDS_APPROVER))
            self.kiosk.show_badge(self.leader.badge)
            self.kiosk.shows(_shown(views.WORDS_PIN))
            self.kiosk.go_on(DEMO_PIN)
            self.kiosk.press("\r", _shown(views.WORDS_TAKE_BADGE).partition("{")[0])
            self.kiosk.expect(now, "note.approved")

        lent: list[str] = []

        def enters(_door: DemoDoor, now: datetime) -> None:
            lent.append(self.kiosk.approved_here().badge)
            self.kiosk.swipe(now, lent[0], Direction.IN)

        def is_led_in(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.swipe(now, self.leader.badge, Direction.IN)

        def leaves(_door: DemoDoor, now: datetime) -> None:
            self.kiosk.swipe(now, lent[0], Direction.OUT)

        asked = self.at(minute + 1)
        return [
            Beat(self.at(minute), comes_out),
            Beat(asked, is_approved, _(NOTE_WALK_UP)),
            Beat(asked + timedelta(seconds=20), enters),
            Beat(asked + timedelta(seconds=29), is_led_in),
            Beat(self.at(minute + 41), leaves),
        ]


def borrowing(member: Member) -> Member:
    """Return ``member`` with the temporary badge in hand."""
    return replace(member, badge=demo_badge(BORROWED))


def _fill_in(kiosk: DemoKiosk, visitor: VisitorWords, sponsor: str) -> None:
    """Write a visitor's form at the door's keyboard: every field as it stands on the screen, Enter after each."""
    kiosk.press("1", _shown(SEND))
    for text in (visitor.name, visitor.unit, visitor.job_title, visitor.phone):
        kiosk.press(text, text)
        kiosk.go_on()
    kiosk.go_on("1")  # the first reason of the list: equipment maintenance
    kiosk.go_on()
    for text in (visitor.reference, visitor.carried):
        kiosk.press(text, text)
        kiosk.go_on()
    kiosk.go_on()  # how long: as usual
    kiosk.press(sponsor, sponsor)
    kiosk.press("\r", _shown(views.WORDS_LEADER_KEY))


def _shown(message: str) -> str:
    """Return a message as the door's screen shows it under the Chinese: in English."""
    return translate(message, "en")
