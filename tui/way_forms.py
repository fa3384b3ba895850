"""The recorded ways through a handover as the desk offers them: what each asks for, does, and cites (Art. 11, 21 to 24)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from locales import _
from regulation.findings import Blocker
from regulation.handover import Side
from regulation.handover_ways import Way, WayKind
from tui.handover_text import SIDE_NAMES, blocker_text
from tui.screens.acting_form import credential_lines
from tui.screens.form_dialog import Field

if TYPE_CHECKING:
    from operations.handover_view import HandoverView, SignatureRow
    from operations.signin import Actor

Act = Callable[["Actor", datetime, Mapping[str, str]], object]
OVERRIDES = "override_handover"
NOBODY = "—"


@dataclass(frozen=True, slots=True)
class WayChoice:
    """A way as it is offered: ``title``, ``why`` and ``says`` are in words already.

    A closed one says ``why``. ``says`` is what it will do, ``done`` what is said afterwards. With ``further`` it
    leads to a closer choice instead of to a form.
    """

    kind: WayKind
    title: str
    article: int
    open: bool
    why: str
    says: str = ""
    lines: tuple[Field, ...] = ()
    act: Act | None = None
    done: str = ""
    further: tuple[WayChoice, ...] = ()


def way_choices(view: HandoverView, actor: Actor) -> list[WayChoice]:
    """Return every way, the open ones first, each with what it needs."""
    found = [choice for way in view.ways for choice in _BUILD[way.kind](_plain(way), view, actor)]
    return sorted(found, key=lambda choice: not choice.open)


def _plain(way: Way) -> WayChoice:
    return WayChoice(way.kind, _(way.text), way.article, way.open, _(way.why).format(**way.details))


def _reason() -> Field:
    return Field("reason", _("Reason, for the record and the paper"), _("This needs a reason."), longest=200)


def _leaders(row: SignatureRow) -> str:
    return _(", ").join(row.leaders) or NOBODY


def _row(view: HandoverView, side: Side) -> SignatureRow:
    return view.outgoing if side is Side.OUTGOING else view.incoming


def _no_show(choice: WayChoice, view: HandoverView, _actor: Actor) -> list[WayChoice]:
    from operations.standing import record_no_show

    side = Side.INCOMING if choice.kind is WayKind.NO_SHOW_INCOMING else Side.OUTGOING
    texts = {
        Side.INCOMING: _(
            "Records that {name} has not come to take over: a finding, and on the paper. The shift stays on duty; "
            "next, let someone stand in for the side that takes over."
        ),
        Side.OUTGOING: _(
            "Records that {name} was gone before the relief had signed: a finding, and on the paper. Next, let "
            "someone stand in for the side that hands over, or a higher leader signs it."
        ),
    }

    def act(actor: Actor, now: datetime, values: Mapping[str, str]) -> object:
        return record_no_show(actor, now, view.log.id, side, values["reason"])

    return [
        replace(
            choice,
            says=texts[side].format(name=_leaders(_row(view, side))),
            lines=(_reason(),),
            act=act,
            done=_("Recorded. Next: w, let someone stand in."),
        )
    ]


def _stand_in(choice: WayChoice, view: HandoverView, _actor: Actor) -> list[WayChoice]:
    logs = {Side.OUTGOING: view.log.id, Side.INCOMING: view.next_shift.log_id if view.next_shift else None}
    signed = {side for side in Side if _row(view, side).signed_at is not None}
    if not choice.open or view.log.sealed_at is not None:
        return [replace(choice, open=False, why=choice.why if not choice.open else _("The log is sealed."))]
    return [
        _stand_in_for(choice, view, side, log_id)
        for side, log_id in logs.items()
        if log_id is not None and side not in signed
    ]


def _stand_in_for(choice: WayChoice, view: HandoverView, side: Side, log_id: int) -> WayChoice:
    from operations.standing import record_stand_in

    def act(actor: Actor, now: datetime, values: Mapping[str, str]) -> object:
        return record_stand_in(actor, now, log_id, values["who"], values["reason"])

    says = _(
        "That leader signs this side instead of {name}, with their own PIN, and leads the shift. Somebody else "
        "records it: you cannot name yourself. It stands on the paper."
    )
    return replace(
        choice,
        title=_("{way}: {side}").format(way=choice.title, side=_(SIDE_NAMES[side])),
        says=says.format(name=_leaders(_row(view, side))),
        lines=(
            Field("who", _("Who stands in (work number)"), _("Whose work number?"), longest=16),
            _reason(),
        ),
        act=act,
        done=_("Recorded. That leader may sign now."),
    )


def _close_alone(choice: WayChoice, view: HandoverView, actor: Actor) -> list[WayChoice]:
    from operations.signing import close_alone

    handover_id = view.handover_id

    def act(_actor: Actor, now: datetime, values: Mapping[str, str]) -> object:
        assert handover_id is not None
        return close_alone(values["number"], values["pin"], now, handover_id, values["reason"], view.version)

    says = _(
        "No shift follows. Your signature alone seals the log; whatever is carried waits, and the leader of the "
        "next shift counter-signs as soon as that shift begins."
    )
    return [
        replace(
            choice,
            says=says,
            lines=(_reason(), *credential_lines(actor.work_number)),
            act=act,
            done=_("Sealed by one leader alone."),
        )
    ]


def _counter_sign(choice: WayChoice, view: HandoverView, actor: Actor) -> list[WayChoice]:
    from operations.signing import counter_sign

    handover_id = view.handover_id

    def act(_actor: Actor, now: datetime, values: Mapping[str, str]) -> object:
        assert handover_id is not None
        counter_sign(values["number"], values["pin"], now, handover_id)
        return None

    says = _(
        "You take over, as leader of the shift that begins, what {name} closed alone: its carried items come into "
        "your log, and you answer for the visitors inside. The sealed text stays as it is."
    )
    return [
        replace(
            choice,
            says=says.format(name=view.outgoing.signed_by or NOBODY),
            lines=credential_lines(actor.work_number),
            act=act,
            done=_("Counter-signed: what was carried is in the log of this shift."),
        )
    ]


def _hold(choice: WayChoice, view: HandoverView, _actor: Actor) -> list[WayChoice]:
    from operations.standing import hold_handover

    def act(actor: Actor, now: datetime, values: Mapping[str, str]) -> object:
        return hold_handover(actor, now, view.log.id, values["reason"])

    says = _(
        "Nobody starts or signs this handover until the hold is lifted: for a major fault that needs everyone. "
        "The shift stays on duty. Since when, why and by whom stands on the paper."
    )
    return [replace(choice, says=says, lines=(_reason(),), act=act, done=_("Held. w lifts the hold."))]


def _lift_hold(choice: WayChoice, view: HandoverView, _actor: Actor) -> list[WayChoice]:
    from operations.standing import lift_hold

    def act(actor: Actor, now: datetime, values: Mapping[str, str]) -> object:
        return lift_hold(actor, now, view.log.id, values["outcome"])

    says = _("The handover goes on from where it stood. The hold and what came of it stand on the paper.")
    outcome = Field("outcome", _("What came of it"), longest=200)
    return [
        replace(
            choice, says=says, lines=(outcome,), act=act, done=_("The hold is lifted; the handover goes on.")
        )
    ]


def _override(choice: WayChoice, view: HandoverView, actor: Actor) -> list[WayChoice]:
    if not choice.open or view.handover_id is None:
        return [choice]
    blockers = [
        (
            blocker,
            blocker_text(blocker),
            _("This blocks the signatures no more; the finding stays, with name and reason."),
        )
        for blocker in view.blockers
    ]
    by_rostered = _("the rostered leader signs")
    sides = [
        (
            Blocker(21, "not_rostered", f"side:{side}", ""),
            _("{way}: {side}").format(way=_(SIDE_NAMES[side]), side=by_rostered),
            _("The higher leader may sign this side, with their own PIN, instead of {name}.").format(
                name=_leaders(_row(view, side))
            ),
        )
        for side in Side
        if _row(view, side).signed_at is None and (side is Side.OUTGOING or view.next_shift is not None)
    ]
    further = tuple(
        _override_one(choice, view.handover_id, actor, blocker, title, says)
        for blocker, title, says in (*blockers, *sides)
    )
    says = _("A senior shift leader or the deputy manager lets one thing pass, by name and with a reason.")
    return [replace(choice, says=says, further=further)]


def _override_one(
    choice: WayChoice, handover_id: int, signed_in: Actor, blocker: Blocker, title: str, says: str
) -> WayChoice:
    from operations.standing import override

    own = _may_override(signed_in)

    def act(actor: Actor, now: datetime, values: Mapping[str, str]) -> object:
        higher = actor if own else _confirmed(values, now)
        return override(higher, now, handover_id, blocker.code, blocker.subject, values["reason"])

    credentials = () if own else credential_lines()
    here = _("The higher leader signs here with number and PIN.")
    return replace(
        choice,
        title=title,
        article=blocker.article,
        says=says if own else f"{says} {here}",
        lines=(_reason(), *credentials),
        act=act,
        done=_("Overridden, on the record."),
    )


def _may_override(actor: Actor) -> bool:
    from operations.boundary import may
    from operations.permissions import Action

    return may(actor, Action(OVERRIDES))


def _confirmed(values: Mapping[str, str], now: datetime) -> Actor:
    """Return who gave number and PIN: for what someone other than whoever sits at the desk has to do."""
    from operations.signin import confirm

    return confirm(values["number"], values["pin"], now)


def _withdraw(choice: WayChoice, view: HandoverView, _actor: Actor) -> list[WayChoice]:
    from operations.signing import withdraw_sign_out

    handover_id = view.handover_id

    def act(_signed_in: Actor, now: datetime, values: Mapping[str, str]) -> object:
        assert handover_id is not None
        return withdraw_sign_out(_confirmed(values, now), now, handover_id)

    says = _(
        "{name} takes the signature back, so that the check can be mended; then it has to be signed again."
    )
    number = view.outgoing.signed_by.rpartition("(")[2].rstrip(")")
    return [
        replace(
            choice,
            says=says.format(name=view.outgoing.signed_by or NOBODY),
            lines=credential_lines(number),
            act=act,
            done=_("Withdrawn: the check can be changed again."),
        )
    ]


_BUILD: Mapping[WayKind, Callable[[WayChoice, HandoverView, Actor], Sequence[WayChoice]]] = {
    WayKind.NO_SHOW_INCOMING: _no_show,
    WayKind.NO_SHOW_OUTGOING: _no_show,
    WayKind.STAND_IN: _stand_in,
    WayKind.CLOSE_ALONE: _close_alone,
    WayKind.COUNTER_SIGN: _counter_sign,
    WayKind.HOLD: _hold,
    WayKind.LIFT_HOLD: _lift_hold,
    WayKind.OVERRIDE: _override,
    WayKind.WITHDRAW_SIGN_OUT: _withdraw,
}
