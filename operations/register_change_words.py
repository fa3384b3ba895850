"""What a changed definition means for the records that are there, in words, before it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from locales import _
from operations.own_registers import OwnRegister
from operations.register_file import register_from
from regulation.registers import FieldKind, Register


def change_words(own: OwnRegister, body: Mapping[str, Any]) -> list[str]:
    """Return what keeping ``body`` in the place of an own register's definition changes; never nothing."""
    before, after = own.register, register_from(body)
    if before == after and not own.retired:
        return [_("Nothing was changed.")]
    lines = [_("Version {version} counts from now on.").format(version=own.version + 1)]
    if own.retired:
        lines.append(_("The register is in use again."))
    if own.records:
        lines.append(_("{count} records are there and stay as they were written.").format(count=own.records))
    if own.waiting and (before.states, before.steps) != (after.states, after.steps):
        lines.append(_("{count} of them are open and go on by the old steps.").format(count=own.waiting))
    lines += _field_words(before, after, written=bool(own.records))
    return lines


def _field_words(before: Register, after: Register, *, written: bool) -> list[str]:
    lines = []
    gone = [known.label for known in before.fields if after.field_named(known.key) is None]
    new = [known.label for known in after.fields if before.field_named(known.key) is None]
    answers = list(_answers_gone(before, after))
    if gone:
        text = (
            _("Asked no more: {fields}; old records still show it.")
            if written
            else _("Asked no more: {fields}.")
        )
        lines.append(text.format(fields=_listed(gone)))
    if new:
        text = (
            _("Asked from now on: {fields}; old records stay without it.")
            if written
            else _("Asked from now on: {fields}.")
        )
        lines.append(text.format(fields=_listed(new)))
    if answers:
        lines.append(_("Offered no more: {answers}.").format(answers=_listed(answers)))
    return lines


def _answers_gone(before: Register, after: Register) -> Iterable[str]:
    for known in before.fields:
        now = after.field_named(known.key)
        if known.kind is FieldKind.CHOICE and now is not None:
            kept = {choice.key for choice in now.choices}
            yield from (choice.label for choice in known.choices if choice.key not in kept)


def _listed(words: Iterable[str]) -> str:
    return _(", ").join(f"“{word}”" for word in words)
