"""How the centre's attendance machines and other systems write their punches: the saved mappings (Art. 33)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import zone
from operations.errors import Invalid, NotFound
from operations.permissions import Action
from operations.punch_file import BUILT_IN, PunchFile, PunchFormat, check_format, format_of, read_punches

ARTICLE = 33
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class PunchMappingRow:
    """A mapping by its name; ``own`` is one that the centre made or changed."""

    name: str
    form: PunchFormat
    own: bool


@reads(Action.IMPORT_PUNCHES)
def punch_mappings(_session: Session) -> tuple[PunchMappingRow, ...]:
    """Return the built-in mappings, as the centre changed them, and then the centre's."""
    own = {row.name for row in models.PunchMapping.select(models.PunchMapping.name)}
    return tuple(PunchMappingRow(name, form, name in own) for name, form in _known().items())


@writes(Action.IMPORT_PUNCHES)
def keep_punch_mapping(session: Session, name: str, form: PunchFormat) -> None:
    """Save a mapping, or change one. Raises :class:`Invalid` for one by which nothing could be read."""
    if not _NAME.fullmatch(name):
        raise Invalid(
            _("{name} cannot be the name of a mapping.").format(name=name[:40] or "—"),
            article=ARTICLE,
            next_step=_("Use small letters, digits, - and _, such as front_door."),
        )
    check_format(form)
    if form.zone:
        try:
            ZoneInfo(form.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise Invalid(_("{zone} is not a time zone.").format(zone=form.zone[:40])) from error
    table = models.PunchMapping
    table.delete().where(table.name == name).execute()
    table.create(
        name=name, format=msgspec.to_builtins(form), set_by=session.actor.work_number, set_at=session.now
    )
    session.about(f"punch_mapping:{name}", format=msgspec.to_builtins(form))


@writes(Action.IMPORT_PUNCHES)
def remove_punch_mapping(session: Session, name: str) -> None:
    """Take a mapping of the centre's own off the list; a built-in one is as it was. Its punches stay."""
    table = models.PunchMapping
    if not table.delete().where(table.name == name).execute():
        raise NotFound(_("There is no own mapping called {name}.").format(name=name[:40]), article=ARTICLE)
    session.about(f"punch_mapping:{name}", removed=True)


@reads(Action.IMPORT_PUNCHES)
def punch_file(_session: Session, data: bytes, mapping: str = "") -> PunchFile:
    """Read a file by the mapping of that name, or without one by the built-in mapping it looks like."""
    known, name = _known(), mapping or format_of(data)
    if name not in known:
        raise NotFound(
            _("There is no mapping called {name}; there are: {names}.").format(
                name=name[:40], names="、".join(known)
            ),
            article=ARTICLE,
            next_step=_("Make it with zhiban punches map, or leave --mapping out."),
        )
    return read_punches(data, name, known[name], zone())


def _known() -> Mapping[str, PunchFormat]:
    rows = models.PunchMapping.select().order_by(models.PunchMapping.name)
    return {**BUILT_IN, **{row.name: msgspec.convert(row.format, PunchFormat) for row in rows}}
