"""Which registers a centre has (inside a transaction): the ready-made ones, and its own as they were defined over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import models
from locales import _
from operations.errors import NotFound
from operations.register_file import register_from
from regulation.register_table import REGISTERS
from regulation.registers import Register, defined_anew


def registers_now() -> dict[str, Register]:
    """Return every register by its key, the ready-made ones first. To one that is no longer kept nobody adds.

    A centre's own still knows the states and answers of its earlier definitions: records hold them.
    """
    row = models.RegisterDefinition
    own: dict[str, Register] = {}
    for found in row.select().order_by(row.key, row.version):
        register = _own(found)
        before = own.get(found.key)
        own[found.key] = register if before is None else defined_anew(before, register)
    return dict(REGISTERS) | own


def own_keys() -> frozenset[str]:
    """Return the keys of the registers that the centre ever defined, those it no longer keeps as well."""
    row = models.RegisterDefinition
    return frozenset(found.key for found in row.select(row.key).distinct())


def register_named(key: str) -> Register:
    """Return a register as it is kept today. Raises :class:`NotFound` with those there are."""
    if key in REGISTERS:
        return REGISTERS[key]
    kept = registers_now()
    if key not in kept:
        raise NotFound(
            _("There is no register {key}.").format(key=key[:40] or "—"),
            next_step=_("There are: {codes}.").format(codes=", ".join(kept)),
        )
    return kept[key]


class RegisterBooks:
    """Registers as their records were made by, each version read once for one transaction."""

    def __init__(self) -> None:
        """Read nothing yet."""
        self._known: dict[tuple[str, int], Register] = {}

    def of(self, record: models.RegisterRecord) -> Register:
        """Return the register of a record, in the version by which it was made."""
        key = record.register, record.definition
        if key not in self._known:
            self._known[key] = _version_of(*key)
        return self._known[key]


def _version_of(key: str, version: int) -> Register:
    if version == 0:
        return REGISTERS[key]
    row = models.RegisterDefinition
    return _own(row.get(row.key == key, row.version == version))


def _own(row: models.RegisterDefinition) -> Register:
    body: Mapping[str, object] = row.body
    register = replace(register_from(body), version=row.version)
    return replace(register, adders=frozenset()) if row.retired else register
