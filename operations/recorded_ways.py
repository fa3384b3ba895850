"""The ways that were taken through a handover, as the sealed section and the paper carry them (Art. 11, 21 to 24)."""

from __future__ import annotations

import models
from locales import N_
from operations.handover_records import following_log, overrides_of, stand_ins_of
from regulation.daily_log import Named, WayLine
from regulation.handover import Side

STAND_IN = N_("stand-in")
NO_SHOW = {Side.INCOMING: N_("the relief did not come"), Side.OUTGOING: N_("the outgoing leader was gone")}
NO_SHOW_ARTICLES = {Side.INCOMING: 21, Side.OUTGOING: 24}
HOLD, OVERRIDE, CLOSED_ALONE = N_("hold"), N_("override"), N_("closed alone")


def way_lines(log: models.ShiftLog, handover: models.Handover | None) -> tuple[WayLine, ...]:
    """Return what was recorded about a log's handover, in order of time (inside a transaction)."""
    lines = [
        *_stand_ins(log, handover),
        *_no_shows(log),
        *_holds(log),
        *_overrides(handover),
        *_closed_alone(handover),
    ]
    return tuple(sorted(lines, key=lambda line: (line.at, line.kind)))


def _named(person: models.Person | None) -> Named | None:
    return Named(person.name, person.work_number) if person is not None else None


def _by(person: models.Person) -> Named:
    return Named(person.name, person.work_number)


def _stand_ins(log: models.ShiftLog, handover: models.Handover | None) -> list[WayLine]:
    # Who stands in for the relief belongs on this section too: here they signed.
    following = handover.incoming if handover is not None and handover.signed_in_by_id else None
    following = following or following_log(log, handover)
    return [
        WayLine(
            STAND_IN,
            21,
            s.at,
            _by(s.recorded_by),
            s.reason,
            _named(s.person),
            instead_of=_named(s.instead_of),
        )
        for side in (log, following)
        for s in stand_ins_of(side)
    ]


def _no_shows(log: models.ShiftLog) -> list[WayLine]:
    no_show = models.NoShow
    return [
        WayLine(
            NO_SHOW[Side(n.side)],
            NO_SHOW_ARTICLES[Side(n.side)],
            n.at,
            _by(n.recorded_by),
            n.reason,
            _named(n.person),
        )
        for n in no_show.select().where(no_show.log == log.id)
    ]


def _holds(log: models.ShiftLog) -> list[WayLine]:
    hold = models.HandoverHold
    return [
        WayLine(HOLD, 11, h.held_at, _by(h.held_by), h.reason, until=h.lifted_at, what=h.outcome)
        for h in hold.select().where(hold.log == log.id)
    ]


def _overrides(handover: models.Handover | None) -> list[WayLine]:
    return [
        WayLine(OVERRIDE, o.article, o.at, _by(o.overridden_by), o.reason, what=o.text)
        for o in overrides_of(handover)
    ]


def _closed_alone(handover: models.Handover | None) -> list[WayLine]:
    if handover is None or not handover.alone_reason:
        return []
    by = _by(handover.signed_out_by)
    return [WayLine(CLOSED_ALONE, 21, handover.signed_out_at, by, handover.alone_reason)]
