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
from regulation.registers import KIND_NAMES, Register


@writes(Action.DEFINE_REGISTERS)
def define_register(session: Session, body: dict[str, Any], seen: int | None = None) -> int:
    """Define a register, or define it anew from now on; returns its version. Raises :class:`Invalid` naming the key.

    The same definition again changes nothing. ``seen`` is the version that was changed, 0 for a new register: when
    that is not the last one, and for a field that would read what records hold as another kind, it raises
    :class:`Conflict`.
    """
    register = register_from(body)
    last = _last(register.key)
    _require_seen(last, seen)
    _require_kinds(register)
    if last is not None and not last.retired and register_from(last.body) == register:
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


def _require_seen(last: models.RegisterDefinition | None, seen: int | None) -> None:
    version = last.version if last is not None else 0
    if seen is None or seen == version:
        return
    if not seen:
        raise Conflict(_("There is a register of this key already."), next_step=_("Choose another key."))
    raise Conflict(_("Somebody else changed this register meanwhile."), next_step=_("Load it again."))


def _require_kinds(register: Register) -> None:
    """Records are read by the field of today: what an earlier one of the same key took, it has to take, too."""
    row, record = models.RegisterDefinition, models.RegisterRecord
    if not record.select().where(record.register == register.key).exists():
        return
    kinds = {known.key: known for known in register.fields}
    for before in row.select().where(row.key == register.key).order_by(row.version):
        for known in register_from(before.body).fields:
            now = kinds.get(known.key)
            if now is not None and now.kind is not known.kind:
                raise Conflict(
                    _("Records hold “{field}” as {kind}; it cannot become anything else.").format(
                        field=known.label, kind=_(KIND_NAMES[known.kind])
                    ),
                    next_step=_("Give the new field a key of its own."),
                )


def _last(key: str) -> models.RegisterDefinition | None:
    row = models.RegisterDefinition
    found: models.RegisterDefinition | None = (
        row.select().where(row.key == key).order_by(row.version.desc()).first()
    )
    return found
