"""A centre's own registers as those see them who define them: the last definition, and what is written in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import models
from locales import _
from operations.boundary import Session, reads
from operations.errors import NotFound
from operations.permissions import Action
from operations.register_file import register_from
from regulation.registers import Register


@dataclass(frozen=True, slots=True)
class OwnRegister:
    """An own register: its last definition, how many records it has and how many of them are open.

    ``used`` are the keys that fields, and answers of each field, have had in any definition.
    """

    register: Register
    version: int
    retired: bool
    body: Mapping[str, Any]
    records: int
    waiting: int
    used: Mapping[str, frozenset[str]]


@reads(Action.DEFINE_REGISTERS)
def own_registers(_session: Session) -> tuple[OwnRegister, ...]:
    """Return every register that the centre defined, by its key, those no longer kept as well."""
    row = models.RegisterDefinition
    keys = [found.key for found in row.select(row.key).distinct().order_by(row.key)]
    return tuple(_own(key) for key in keys)


@reads(Action.DEFINE_REGISTERS)
def own_register(_session: Session, key: str) -> OwnRegister:
    """Return one of them. Raises :class:`NotFound` for any other key, those of the ready-made registers too."""
    row = models.RegisterDefinition
    if not row.select().where(row.key == key).exists():
        raise NotFound(
            _("The centre defined no register {key}.").format(key=key[:40] or "—"),
            next_step=_("Ready-made registers have no file."),
        )
    return _own(key)


def _own(key: str) -> OwnRegister:
    row, record = models.RegisterDefinition, models.RegisterRecord
    versions = list(row.select().where(row.key == key).order_by(row.version))
    last = versions[-1]
    written = record.select().where(record.register == key)
    return OwnRegister(
        register_from(last.body),
        last.version,
        last.retired,
        last.body,
        written.count(),
        written.where(record.closed_at.is_null()).count(),
        _used(versions),
    )


def _used(versions: list[models.RegisterDefinition]) -> dict[str, frozenset[str]]:
    used: dict[str, set[str]] = {}
    for version in versions:
        for known in register_from(version.body).fields:
            used.setdefault(known.key, set()).update(choice.key for choice in known.choices)
    return {key: frozenset(answers) for key, answers in used.items()}
