"""A centre's own registers: defined, defined anew, and no longer kept. What was written by an older definition stays so."""

from __future__ import annotations

from typing import Any

import models
from locales import _
from operations.boundary import Session, writes
from operations.errors import Conflict
from operations.permissions import Action
from operations.register_definitions import register_named
from operations.register_file import register_from


@writes(Action.DEFINE_REGISTERS)
def define_register(session: Session, body: dict[str, Any]) -> int:
    """Define a register, or define it anew from now on; returns its version. Raises :class:`Invalid` naming the key.

    The same definition again changes nothing.
    """
    register = register_from(body)
    last = _last(register.key)
    if last is not None and not last.retired and last.body == body:
        session.about(f"register:{register.key}", version=last.version, unchanged=True)
        return int(last.version)
    version = last.version + 1 if last else 1
    models.RegisterDefinition.create(
        key=register.key,
        version=version,
        body=body,
        set_by=session.actor.work_number,
        set_at=session.now,
    )
    session.about(f"register:{register.key}", version=version)
    return version


@writes(Action.DEFINE_REGISTERS)
def retire_register(session: Session, key: str) -> None:
    """Keep a register no longer; its records stay. Raises :class:`Conflict` while something in it is still waited for."""
    register = register_named(key)
    last = _last(key)
    if last is None:
        raise Conflict(_("A ready-made register is always kept."), article=register.article)
    row = models.RegisterRecord
    waiting = row.select().where(row.register == key, row.closed_at.is_null()).count()
    if waiting:
        raise Conflict(
            _("{count} records of this register still wait for something.").format(count=waiting),
            next_step=_("Settle them first."),
        )
    models.RegisterDefinition.create(
        key=key,
        version=last.version + 1,
        body=last.body,
        retired=True,
        set_by=session.actor.work_number,
        set_at=session.now,
    )
    session.about(f"register:{key}", retired=True)


def _last(key: str) -> models.RegisterDefinition | None:
    row = models.RegisterDefinition
    found: models.RegisterDefinition | None = (
        row.select().where(row.key == key).order_by(row.version.desc()).first()
    )
    return found
