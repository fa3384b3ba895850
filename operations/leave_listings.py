"""Leave as lists and lines: the records for programs, and words for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, tzinfo
from fractions import Fraction
from typing import Any

from locales import N_, _
from operations.boundary import SYSTEM, Actor
from operations.delegations import delegation_rows
from operations.errors import Invalid
from operations.leave_balances import leave_balances
from operations.leave_spans import DayPart
from operations.leave_views import CoverLine, DecisionRow, LeaveOutlook, LeaveRow, leave_case, leave_rows
from operations.listings import Listing, Office, own_language
from regulation.duty_numbers import number_text
from regulation.leave import EXTENT_NAMES, CoveredDuty, Extent
from regulation.leave_balance import Balance
from regulation.leave_changes import LEAVE_STATE_NAMES
from regulation.leave_kinds import LEAVE_NAMES, LeaveKind
from regulation.leave_routing import DECIDER_NAMES


def leave_listing(at: Office, month: str, number: str) -> Listing:
    """The leave of a month (``YYYY-MM``; empty: of late and to come), of one person or of everyone."""
    first, last = at.days_of(month)
    rows = leave_rows(SYSTEM, at.now, first, last, at.person_id(number) if number else None)
    return Listing(
        [leave_record(row) for row in rows],
        (
            N_("no."),
            N_("who"),
            N_("kind"),
            N_("days"),
            N_("duties"),
            N_("state"),
            N_("decides"),
            N_("reason"),
        ),
        [
            (
                row.id,
                row.person,
                _(LEAVE_NAMES[row.kind]),
                span_words(row, at.zone),
                number_text(row.days),
                _(LEAVE_STATE_NAMES[row.state]),
                ", ".join(row.deciders),
                row.reason,
            )
            for row in rows
        ],
        _("Nobody asked for leave."),
        right=(0, 4),
    )


def balance_listing(at: Office, day: date, number: str) -> Listing:
    """Days of leave left on a civil day, of one person or of everyone."""
    rows = leave_balances(SYSTEM, at.now, day, at.person_id(number) if number else None)
    return Listing(
        [
            {
                "person": row.person,
                "work_number": row.work_number,
                "team": row.team,
                **balance_record(row.balance),
            }
            for row in rows
        ],
        (N_("who"), N_("kind"), N_("granted"), N_("carried over"), N_("used"), N_("left")),
        [
            (
                row.person,
                _(LEAVE_NAMES[row.balance.kind]),
                number_text(row.balance.granted),
                number_text(row.balance.carried_over),
                number_text(row.balance.used),
                number_text(row.balance.left),
            )
            for row in rows
        ],
        _("No days of leave are kept for anybody."),
        right=(2, 3, 4, 5),
    )


def delegates_listing(at: Office) -> Listing:
    """Who decides in whose place."""
    rows = delegation_rows(SYSTEM, at.now)
    return Listing(
        rows,
        (N_("no."), N_("absent"), N_("decides instead"), N_("from"), N_("to"), N_("ended"), N_("reason")),
        [
            (
                row.id,
                row.absent,
                row.delegate,
                row.first_day,
                row.last_day,
                at.clock(row.ended_at),
                row.reason,
            )
            for row in rows
        ],
        _("Nobody decides in another's place."),
        right=(0,),
    )


# --- one request --------------------------------------------------------------------------------------------


def leave_record(row: LeaveRow) -> dict[str, Any]:
    """Leave for programs; numbers of duties are exact text (``1.5``)."""
    record = {part.name: getattr(row, part.name) for part in fields(row)}
    return {**record, "days": number_text(row.days)}


def balance_record(balance: Balance) -> dict[str, Any]:
    """A balance for programs."""
    numbers = ("granted", "carried_over", "used", "left", "short")
    return {
        "kind": balance.kind,
        **{name: number_text(getattr(balance, name)) for name in numbers},
    }


def case_record(at: Office, actor: Actor, leave_id: int) -> dict[str, Any]:
    """One request for programs: what it takes, who is left in its shifts, the balance, what stands in the way."""
    case = leave_case(actor, at.now, leave_id)
    return {
        "leave": leave_record(case.row),
        "covered": _covered(case.covered),
        "cover": case.cover,
        "unled": case.unled,
        "balance": balance_record(case.balance) if case.balance is not None else None,
        "refusal": case.refusal,
    }


def outlook_record(outlook: LeaveOutlook) -> dict[str, Any]:
    """The answer to "may I ask this, and who decides" for programs."""
    answer = outlook.answer
    return {
        "allowed": answer.allowed,
        "days": number_text(answer.days),
        "days_together": number_text(answer.days_together),
        "covered": _covered(answer.covered),
        "refusals": [
            {"article": article, "text": text, "next_step": step} for article, text, step in outlook.refusals
        ],
        "notices": [
            {"article": one.article, "code": one.code, "text": _(one.text).format(**one.details)}
            for one in answer.notices
        ],
        "steps": [
            {"decider": decider, "article": article, "names": names}
            for decider, article, names in outlook.deciders
        ],
        "ask_before": answer.ask_before,
        "special_until": answer.special_until,
        "cover": outlook.cover,
    }


def case_lines(at: Office, actor: Actor, leave_id: int) -> list[str]:
    """One request in words."""
    case = leave_case(actor, at.now, leave_id)
    row = case.row
    lines = [
        _("Leave {number}: {state}").format(number=row.id, state=_(LEAVE_STATE_NAMES[row.state])),
        f"  {row.person}  {_(LEAVE_NAMES[row.kind])}  {span_words(row, at.zone)}  {days_words(row.days)}",
    ]
    lines += [f"  {decision_words(one, at)}" for one in row.decisions]
    if row.deciders:
        lines.append(_("Who may decide: {names}").format(names=", ".join(row.deciders)))
    if row.note_missing:
        lines.append("! " + _("A doctor's note is needed first (Art. 37)."))
    lines += [f"{'!' if line.is_short else '·'} {cover_words(line)}" for line in case.cover]
    lines += [f"! {unled_words(day)}" for day in case.unled]
    if case.balance is not None:
        lines.append(f"· {balance_words(case.balance)}")
    return lines


def outlook_lines(outlook: LeaveOutlook) -> list[str]:
    """The answer to "may I ask this, and who decides" in words."""
    answer = outlook.answer
    lines = [f"✗ {text} — {step}" for _article, text, step in outlook.refusals]
    if answer.allowed:
        lines.append("✓ " + _("It may be asked: {days}.").format(days=days_words(answer.days)))
    lines += [
        _("{decider} decides: {names}").format(decider=_(DECIDER_NAMES[decider]), names=", ".join(names))
        for decider, _article, names in outlook.deciders
    ]
    lines += [f"! {_(one.text).format(**one.details)}" for one in answer.notices]
    return [*lines, *(f"{'!' if line.is_short else '·'} {cover_words(line)}" for line in outlook.cover)]


# --- words --------------------------------------------------------------------------------------------------


def span_words(row: LeaveRow, zone: tzinfo) -> str:
    """``11-24``, ``11-24 to 11-26``, with the half or the hours where it is not whole duties."""
    if row.from_at is not None and row.until_at is not None:
        begin, end = (bound.astimezone(zone) for bound in (row.from_at, row.until_at))
        return f"{row.first_day:%m-%d} {begin:%H:%M}–{end:%H:%M}"
    first, last = _end_words(row.first_day, row.first), _end_words(row.last_day, row.last)
    if row.first_day == row.last_day:
        return first if row.first is not Extent.WHOLE else last
    return _("{first} to {last}").format(first=first, last=last)


def days_words(days: Fraction) -> str:
    """How many duties leave takes."""
    words = _("1 duty") if days == 1 else _("{count} duties")
    return words.format(count=number_text(days))


def decision_words(row: DecisionRow, at: Office) -> str:
    """One decision: who is to give it, or who gave it, when and in whose place."""
    who = _(DECIDER_NAMES[row.decider])
    if row.approved is None:
        return _("□ {decider} (Art. {article})").format(decider=who, article=row.article)
    for_other = _(" for {absent}").format(absent=row.instead_of) if row.instead_of else ""
    sign = "✓" if row.approved else "✗"
    reason = f" {row.reason}" if row.reason else ""
    return f"{sign} {who} {row.decided_by}{for_other} {at.clock(row.decided_at)}{reason}"


def cover_words(line: CoverLine) -> str:
    """``11-24 night shift: 4 with them, 3 without; 3 needed``."""
    shift = own_language(line.shift, line.shift_en)
    who = f" {line.who}" if line.who else ""
    words = _("{date} {shift}{who}: {there} with them, {left} without").format(
        date=f"{line.date:%m-%d}", shift=shift, who=who, there=line.there, left=line.left
    )
    return words if line.least is None else words + _("; {least} needed").format(least=line.least)


def unled_words(day: date) -> str:
    """That nobody else leads the shift of a day."""
    return _("{date}: nobody else leads this shift, a stand-in is needed (Art. 21)").format(
        date=f"{day:%m-%d}"
    )


def balance_words(balance: Balance) -> str:
    """``annual leave: 3 of 5 left``, what was carried over included."""
    return _("{kind}: {left} of {all} left").format(
        kind=_(LEAVE_NAMES[balance.kind]),
        left=number_text(balance.left),
        all=number_text(balance.granted + balance.carried_over),
    )


# --- what was typed -----------------------------------------------------------------------------------------


def day_part(at: Office, text: str) -> DayPart:
    """Return what ``DATE``, ``DATE/first``, ``DATE/second`` or ``DATE/23:00-02:00`` means."""
    day, _slash, part = text.partition("/")
    return DayPart(at.day(day), part.strip())


def kind_named(text: str) -> LeaveKind:
    """Return the kind of leave of a code, or of its name in the current language. Raises :class:`Invalid`."""
    by_name: Mapping[str, LeaveKind] = {
        **{kind.value: kind for kind in LeaveKind},
        **{_(name): kind for kind, name in LEAVE_NAMES.items()},
    }
    kind = by_name.get(text.strip())
    if kind is None:
        raise Invalid(
            _("There is no kind of leave called {kind}.").format(kind=text or "—"),
            article=35,
            next_step=_("There are: {codes}.").format(codes=", ".join(kind.value for kind in LeaveKind)),
        )
    return kind


def days_given(text: str) -> Fraction:
    """Return a number of days (``5``, ``2.5``, ``1/2``). Raises :class:`Invalid`."""
    try:
        return Fraction(text.strip())
    except (ValueError, ZeroDivisionError) as error:
        raise Invalid(_("A number of days is written like 5, 2.5 or 1/2.")) from error


def _covered(pieces: Iterable[CoveredDuty]) -> list[dict[str, Any]]:
    return [
        {
            "duty_id": piece.duty.duty_id,
            "date": piece.duty.date,
            "from_at": piece.from_at,
            "until_at": piece.until_at,
            "days": number_text(piece.days),
        }
        for piece in pieces
    ]


def _end_words(day: date, extent: Extent) -> str:
    half = "" if extent is Extent.WHOLE else f" {_(EXTENT_NAMES[extent])}"
    return f"{day:%m-%d}{half}"
