"""Questions of responsibility, and the keys and assets of a handover, as lists."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from locales import N_, _
from operations.assets import handover_assets
from operations.boundary import SYSTEM
from operations.errors import NotFound
from operations.listings import Listing, Office
from operations.responsibility import CaseRow, responsibility_cases, shift_log_id
from regulation.handover import AREA_NAMES, Side
from regulation.responsibility import VERDICT_NAMES

SIDE_NAMES = {Side.OUTGOING: N_("outgoing side"), Side.INCOMING: N_("incoming side")}


def cases_listing(at: Office) -> Listing:
    """Every question asked, newest first."""
    rows = responsibility_cases(SYSTEM, at.now)
    return Listing(
        [case_record(row) for row in rows],
        (N_("case"), N_("shift"), N_("Problem"), N_("answers"), N_("state")),
        [
            (
                row.id,
                f"{row.date.isoformat()} {row.shift_name}",
                row.problem,
                _(VERDICT_NAMES[row.final]),
                _state(row),
            )
            for row in rows
        ],
        _("Nobody has asked who answers for a problem."),
        right=(0,),
    )


def case_record(row: CaseRow) -> dict[str, Any]:
    """Return a case for programs: every field, and what counts as ``final``."""
    return {**asdict(row), "final": row.final}


def case_lines(at: Office, row: CaseRow) -> list[str]:
    """Return a case in sentences: the question, the answer with its evidence, objections, the decision."""
    cutoff = _("{date} {shift}, cut-off {time}").format(
        date=row.date.isoformat(), shift=row.shift_name, time=at.clock(row.cutoff_at)
    )
    lines = [
        f"{row.id}  {row.problem}",
        cutoff,
        _("Art. 25: {verdict}").format(verdict=_(VERDICT_NAMES[row.verdict])),
    ]
    for piece in row.evidence:
        mark = _("on the signed list") if piece.listed else _("not on the list")
        lines.append(f"  {at.clock(piece.known_at)}  {piece.id}  {mark}  {piece.text}")
    if not row.evidence:
        lines.append("  " + _("The record says nothing about it."))
    for objection in row.objections:
        words = _("Contested by the {side}, {name} {time}: {reason}")
        lines.append(
            words.format(
                side=_(SIDE_NAMES[objection.side]),
                name=objection.person,
                time=at.clock(objection.at),
                reason=objection.reason,
            )
        )
    if row.decision is not None:
        words = _("Decided by {name} {time}: {verdict}. {reason}")
        lines.append(
            words.format(
                name=row.decided_by,
                time=at.clock(row.decided_at),
                verdict=_(VERDICT_NAMES[row.decision]),
                reason=row.decision_reason,
            )
        )
    return lines


def log_of_shift(at: Office, day: date, shift: str) -> int:
    """Return the id of a shift's log by its day and code. Raises :class:`NotFound`."""
    return shift_log_id(SYSTEM, at.now, day, shift)


def assets_listing(at: Office, *, retired_too: bool) -> Listing:
    """What every handover looks at."""
    rows = handover_assets(SYSTEM, at.now, retired_too)
    return Listing(
        rows,
        (N_("name"), N_("area"), N_("retired")),
        [(r.name, _(AREA_NAMES[r.area]), at.clock(r.retired_at)) for r in rows],
        _("Nothing is on the list: a handover looks at the four areas alone."),
    )


def asset_called(at: Office, name: str) -> int:
    """Return the id of something on the list by its name. Raises :class:`NotFound`."""
    for row in handover_assets(SYSTEM, at.now):
        if row.name == name.strip():
            return row.id
    raise NotFound(_("There is no such thing on the list."), next_step=_("See zhiban assets list."))


def _state(row: CaseRow) -> str:
    if row.decision is not None:
        return _("decided")
    return _("contested") if row.objections else _("answered")
