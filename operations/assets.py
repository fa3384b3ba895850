"""Keys and other things that every handover looks at (Art. 19, 21): the centre's own list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.errors import Invalid, NotFound
from operations.permissions import Action
from regulation.handover import Area

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class AssetRow:
    """Something on the list, in its order; ``retired_at`` is since when no handover looks at it any more."""

    id: int
    name: str
    area: Area
    position: int
    retired_at: datetime | None


@reads(Action.READ_DESK)
def handover_assets(_session: Session, retired_too: bool = False) -> tuple[AssetRow, ...]:
    """Return the list in its order."""
    rows = models.HandoverAsset.select().order_by(models.HandoverAsset.position, models.HandoverAsset.id)
    return tuple(_row(row) for row in rows if retired_too or row.retired_at is None)


@writes(Action.KEEP_ASSETS)
def set_asset(session: Session, name: str, area: Area = Area.MATERIAL, position: int = 0) -> int:
    """Put something on the list, or change its area and place; a retired one comes back. Returns its id."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(
            _("A name on this list has 1 to {most} characters.").format(most=LONGEST_NAME), article=21
        )
    asset = models.HandoverAsset
    values = {"area": Area(area), "position": position, "retired_at": None}
    if not asset.update(values).where(asset.name == name).execute():
        asset.create(name=name, **values)
    row = asset.get(asset.name == name)
    session.about(f"asset:{row.id}", name=name, area=str(area), position=position)
    return int(row.id)


@writes(Action.KEEP_ASSETS)
def retire_asset(session: Session, asset_id: int) -> None:
    """Take something off the list, from the next handover on."""
    asset = models.HandoverAsset
    if (
        not asset.update(retired_at=session.now)
        .where(asset.id == asset_id, asset.retired_at.is_null())
        .execute()
    ):
        raise NotFound(_("There is no such thing on the list."), article=21)
    session.about(f"asset:{asset_id}")


def assets_on_list() -> list[models.HandoverAsset]:
    """Return what a handover looks at, in order (inside a transaction)."""
    asset = models.HandoverAsset
    return list(asset.select().where(asset.retired_at.is_null()).order_by(asset.position, asset.id))


def _row(row: models.HandoverAsset) -> AssetRow:
    return AssetRow(row.id, row.name, Area(row.area), row.position, row.retired_at)
