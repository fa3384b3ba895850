"""The edge of an operation: permission, one transaction, one audit record.

:func:`writes` and :func:`reads` turn a function over an open transaction into the public operation that screens
call with the actor and the time.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import models
from locales import _
from operations import store
from operations.errors import NotPermitted
from operations.permissions import ACTION_NAMES, DOOR_ACTIONS, Action, permitted
from regulation.ledger import GENESIS, chain_hash
from regulation.records import PersonStatus
from regulation.roles import ROLE_NAMES, Role
from settings import ZhibanError

P = ParamSpec("P")
R = TypeVar("R")

AUDIT_CHAIN = "centre"
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a person who signed in, or a part of the program (``person_id`` 0)."""

    person_id: int
    work_number: str
    name: str
    role: Role
    team: str = ""
    must_change_pin: bool = False
    may: frozenset[Action] = frozenset()


SYSTEM = Actor(0, "system", "system", Role.ADMIN, may=frozenset(Action))


def kiosk_actor(kiosk: str) -> Actor:
    """The door itself: it reports events and hands in visitors' requests, nothing else."""
    return Actor(0, f"kiosk:{kiosk}", kiosk, Role.OUTSIDE_VISITOR, may=DOOR_ACTIONS)


def may(actor: Actor, action: Action) -> bool:
    """Whether ``actor`` may do ``action``."""
    return action in (actor.may if actor.person_id == 0 else permitted(actor.role))


@dataclass(slots=True)
class Session:
    """An operation under way: who, when, and what its audit record will say."""

    actor: Actor
    now: datetime
    subject: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    def about(self, subject: str, **detail: Any) -> None:
        """Say what the operation did, for its audit record; ``detail`` is plain JSON."""
        self.subject = subject
        self.detail.update(detail)


def reads(
    action: Action,
) -> Callable[[Callable[Concatenate[Session, P], R]], Callable[Concatenate[Actor, datetime, P], R]]:
    """Make a query public: it needs ``action`` and sees one consistent state of the data."""

    def decorate(query: Callable[Concatenate[Session, P], R]) -> Callable[Concatenate[Actor, datetime, P], R]:
        @functools.wraps(query)
        def public(actor: Actor, now: datetime, *args: P.args, **kwargs: P.kwargs) -> R:
            session = Session(actor, now)

            def run() -> R:
                require(actor, action)
                return query(session, *args, **kwargs)

            with refusals_audited(session, query.__name__):
                return store.read(run)

        return cast(Callable[Concatenate[Actor, datetime, P], R], public)

    return decorate


def writes(
    action: Action,
) -> Callable[[Callable[Concatenate[Session, P], R]], Callable[Concatenate[Actor, datetime, P], R]]:
    """Make a change public: it needs ``action``, is one transaction, and leaves one audit record."""

    def decorate(
        change: Callable[Concatenate[Session, P], R],
    ) -> Callable[Concatenate[Actor, datetime, P], R]:
        @functools.wraps(change)
        def public(actor: Actor, now: datetime, *args: P.args, **kwargs: P.kwargs) -> R:
            session = Session(actor, now)

            def run() -> R:
                require(actor, action)
                # A run that met another writer starts anew: its record must say nothing of the one before.
                session.subject, session.detail = "", {}
                result = change(session, *args, **kwargs)
                write_audit(session, change.__name__)
                return result

            with refusals_audited(session, change.__name__, by_rule=True):
                return store.write(run)

        return cast(Callable[Concatenate[Actor, datetime, P], R], public)

    return decorate


def refusals_kept(
    operation: Callable[Concatenate[Actor, datetime, P], R],
) -> Callable[Concatenate[Actor, datetime, P], R]:
    """Let an operation that holds its transaction itself leave a record when it is refused, as the others do."""

    @functools.wraps(operation)
    def public(actor: Actor, now: datetime, *args: P.args, **kwargs: P.kwargs) -> R:
        with refusals_audited(Session(actor, now), operation.__name__):
            return operation(actor, now, *args, **kwargs)

    return cast(Callable[Concatenate[Actor, datetime, P], R], public)


def signed_write(actor: Actor, now: datetime, change: Callable[[Session], R], operation: str) -> R:
    """Run ``change`` in one transaction for someone who has just given the PIN again.

    The change asks for the permission and writes its own record; a refusal is kept as ``operation``'s.
    """
    with refusals_audited(Session(actor, now), operation, by_rule=True):
        return store.write(lambda: change(Session(actor, now)))


@contextmanager
def refusals_audited(session: Session, operation: str, *, by_rule: bool = False) -> Iterator[None]:
    """Keep on the record that ``operation`` was refused to someone; what they wanted is rolled back and stays undone.

    With ``by_rule`` also what an article of the regulation refuses to a person, not only what is beyond their role.
    """
    try:
        yield
    except ZhibanError as error:
        ruled = by_rule and bool(error.article) and bool(session.actor.person_id)
        if not ruled and not isinstance(error, NotPermitted):
            raise
        asked = Session(session.actor, session.now, session.subject)
        role = session.actor.role.value
        asked.detail = {"operation": operation, "role": role, "article": error.article or 0}
        store.write(lambda: write_audit(asked, REFUSED), quietly=True)
        raise


def require(actor: Actor, action: Action) -> None:
    """Refuse what the actor's role may not do, or a person who no longer works here (Art. 2)."""
    if actor.person_id:
        person = models.Person.get_or_none(models.Person.id == actor.person_id)
        if person is None or person.status != PersonStatus.ACTIVE or person.role != actor.role:
            raise NotPermitted(
                _("{name} is no longer entitled to work here.").format(name=actor.name),
                article=2,
                next_step=_("Sign in again."),
            )
    if not may(actor, action):
        raise NotPermitted(
            _("A {role} may not {action}.").format(
                role=_(ROLE_NAMES[actor.role]), action=_(ACTION_NAMES[action])
            ),
            article=2,
            next_step=_("Ask the shift leader on duty."),
        )


def write_audit(session: Session, action: str) -> None:
    """Append the operation's record to the centre's audit chain (inside its transaction)."""
    record = models.AuditRecord
    last = (
        record.select(record.sequence, record.hash)
        .where(record.chain == AUDIT_CHAIN)
        .order_by(record.sequence.desc())
        .first()
    )
    fields = {
        "chain": AUDIT_CHAIN,
        "sequence": last.sequence + 1 if last else 1,
        "at": session.now,
        "actor": session.actor.work_number,
        "action": action,
        "subject": session.subject,
        "detail": session.detail,
    }
    previous = last.hash if last else GENESIS
    record.insert(**fields, previous=previous, hash=chain_hash(previous, fields)).execute()
