"""Swaps as lists and lines: the records for programs, and words for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from locales import N_, _
from operations.boundary import SYSTEM, Actor
from operations.centre import limit_source
from operations.errors import Invalid, NotFound
from operations.listings import Listing, Office, own_language
from operations.rest_warnings import warning_text
from operations.swap_parts import hours_named
from operations.swap_rest import SideWarning
from operations.swap_views import ComingDuty, LegRow, coming_duties, swap_case, swap_rows
from operations.swaps import LegAsked
from regulation.swaps import ARTICLE, SwapState

STATE_NAMES: Mapping[SwapState, str] = {
    SwapState.ASKED: N_("waits for agreement"),
    SwapState.AGREED: N_("waits for consent"),
    SwapState.CONSENTED: N_("consented"),
    SwapState.REFUSED: N_("declined"),
    SwapState.WITHDRAWN: N_("withdrawn"),
    SwapState.LAPSED: N_("lapsed"),
}


def swaps_listing(at: Office, month: str, number: str) -> Listing:
    """The swaps of a month's duties (``YYYY-MM``; empty: those of late and to come), of one person or of everyone."""
    first, last = at.days_of(month)
    person_id = at.person_id(number) if number else None
    rows = swap_rows(SYSTEM, at.now, first, last, person_id)
    return Listing(
        rows,
        (N_("no."), N_("what"), N_("state"), N_("asked by"), N_("asked at"), N_("reason"), N_("decided by")),
        [
            (
                row.id,
                "; ".join(leg_words(at, leg) for leg in row.legs),
                _(STATE_NAMES[row.state]),
                row.asked_by,
                at.clock(row.asked_at),
                row.reason,
                row.decided_by or row.closed_by,
            )
            for row in rows
        ],
        _("No duty was swapped."),
        right=(0,),
    )


def case_record(at: Office, actor: Actor, swap_id: int) -> dict[str, Any]:
    """One swap for programs: what it is, what stands against it now and whose rest it would break."""
    row, outlook = swap_case(actor, at.now, swap_id)
    return {
        "swap": row,
        "obstacles": [
            {"article": one.article, "code": one.code, "text": _(one.text).format(**one.details)}
            for one in outlook.blockers
        ],
        "warnings": [
            {
                "person": side.person,
                "rule": side.warning.rule,
                "date": side.warning.date,
                "value": side.warning.value,
                "allowed": side.warning.allowed,
                "source": side.warning.limit.source,
            }
            for side in outlook.warnings
        ],
    }


def case_lines(at: Office, actor: Actor, swap_id: int) -> list[str]:
    """One swap in words."""
    row, outlook = swap_case(actor, at.now, swap_id)
    lines = [
        _("Swap {number}: {state}").format(number=row.id, state=_(STATE_NAMES[row.state])),
        *(f"  {leg_words(at, leg)}" for leg in row.legs),
    ]
    silent = [party.person for party in row.parties if party.agreed_at is None]
    if row.state is SwapState.ASKED:
        lines.append(_("Agreement is missing from: {names}").format(names=", ".join(silent)))
    if row.deciders:
        lines.append(_("Who may consent: {names}").format(names=", ".join(row.deciders)))
    lines += [f"✗ {_(one.text).format(**one.details)}" for one in outlook.blockers]
    return [*lines, *(f"! {warning_words(side)}" for side in outlook.warnings)]


def leg_words(at: Office, leg: LegRow) -> str:
    """``11-24 night shift: 陈静(1017) → 马超(1117)``, with the hours where only a part goes."""
    shift = own_language(leg.shift, leg.shift_en)
    hours = "" if leg.whole else " " + _hours(at, leg)
    return f"{leg.date:%m-%d} {shift}{hours}: {leg.giver} → {leg.taker}"


def warning_words(side: SideWarning) -> str:
    """A warning about someone's rest, in words, with where the limit comes from."""
    warning = side.warning
    source = limit_source(warning.limit)
    return _("{name} {date}: {what} ({source})").format(
        name=side.person, date=f"{warning.date:%m-%d}", what=warning_text(warning), source=source
    )


def leg_named(at: Office, text: str) -> LegAsked:
    """Return what ``GIVER:DATE:TAKER`` means; ``DATE/SHIFT`` where one day has two duties, ``:PART`` for a part."""
    parts = text.split(":", 3)
    if len(parts) < 3:
        raise Invalid(
            _("A leg is written like 1017:2026-11-24:1021, or with :first at its end."), article=ARTICLE
        )
    giver, when, taker, *part = parts
    day, _slash, shift = when.partition("/")
    duty = _duty_of(coming_duties(SYSTEM, at.now, at.person_id(giver)), at.day(day), shift)
    return LegAsked(
        duty.id, taker, *hours_named(part[0] if part else "", duty.starts_at, duty.ends_at, at.zone)
    )


def _duty_of(duties: Sequence[ComingDuty], day: date, shift: str) -> ComingDuty:
    found = [duty for duty in duties if duty.date == day and shift in ("", duty.shift, duty.shift_en)]
    if len(found) > 1:
        raise Invalid(
            _("There are several duties on {date}: write the shift behind it, as in {date}/{shift}.").format(
                date=day.isoformat(), shift=found[0].shift_en
            ),
            article=ARTICLE,
        )
    if not found:
        raise NotFound(_("There is no such duty to come."), article=ARTICLE)
    return found[0]


def _hours(at: Office, leg: LegRow) -> str:
    begin, end = (bound.astimezone(at.zone) for bound in (leg.from_at, leg.until_at))
    return f"{begin:%H:%M}–{end:%H:%M}"
