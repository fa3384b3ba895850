"""Backups in words and for programs: what was made, what there is, what is in one, what came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from locales import N_, _
from operations.backup import STAMP, SUFFIX, BackupMade, backup_files
from operations.listings import Listing
from operations.restore import Checked, Restored

_UNITS = ("B", "kB", "MB", "GB", "TB")


def size_words(size: int) -> str:
    """Return a size as people say it: ``4.2 MB``."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.1f} {_UNITS[unit]}" if unit else f"{size} B"


def made_lines(made: BackupMade) -> list[str]:
    """A backup that was just made."""
    words = _("Written and read back: {file}, {size}, {rows} rows.")
    lines = [words.format(file=made.file, size=size_words(made.size_bytes), rows=made.manifest.rows)]
    if made.pruned:
        lines.append(_("Removed as too many: {files}").format(files=", ".join(made.pruned)))
    return lines


def made_record(made: BackupMade) -> dict[str, object]:
    """The same for programs."""
    return {
        "file": str(made.file),
        "at": made.at,
        "size_bytes": made.size_bytes,
        "rows": made.manifest.rows,
        "digest": made.manifest.sha256,
        "pruned": made.pruned,
    }


def files_listing(folder: Path) -> Listing:
    """The finished backups in a folder, newest first."""
    found = [(file, _made_at(file), file.stat().st_size) for file in backup_files(folder)]
    return Listing(
        [{"file": str(file), "at": at, "size_bytes": size} for file, at, size in found],
        (N_("made (UTC)"), N_("size"), N_("file")),
        [(f"{at:%Y-%m-%d %H:%M}", size_words(size), file.name) for file, at, size in found],
        _("There is no backup in {folder}. Make one with: zhiban backup").format(folder=folder),
        right=(1,),
    )


def checked_lines(checked: Checked) -> list[str]:
    """A backup that was read to its end."""
    header = checked.header
    return [
        _("Whole: {centre}, made {at} by version {version} from {database}.").format(
            centre=header.centre, at=header.made_at, version=header.product, database=header.database
        ),
        _("{rows} rows in {tables} tables; digest {digest}").format(
            rows=checked.manifest.rows, tables=len(checked.manifest.tables), digest=checked.manifest.sha256
        ),
        *_keys_needed(header.key_ids),
        *(f"  {chain} {sequence} {link}" for chain, sequence, link in checked.manifest.heads),
    ]


def _keys_needed(numbers: Sequence[str]) -> list[str]:
    if not numbers:
        return []
    words = _("Its confidential texts need the keys {numbers}, which are kept elsewhere (zhiban keys).")
    return [words.format(numbers=", ".join(numbers))]


def checked_record(checked: Checked) -> dict[str, object]:
    """The same for programs."""
    manifest = checked.manifest
    return {
        "centre": checked.header.centre,
        "made_at": checked.header.made_at,
        "product": checked.header.product,
        "database": checked.header.database,
        "migration": checked.header.migrations[-1],
        "keys": list(checked.header.key_ids),
        "digest": manifest.sha256,
        "tables": {name: table.rows for name, table in manifest.tables.items()},
        "heads": [_head(head) for head in manifest.heads],
    }


def restored_lines(restored: Restored) -> list[str]:
    """A centre that came back."""
    lines = [
        _("{centre} is restored as of {at}: {rows} rows, every chain followed.").format(
            centre=restored.header.centre, at=restored.header.made_at, rows=restored.manifest.rows
        )
    ]
    if restored.breaks:
        lines.append(_("{count} records do not hold: run zhiban verify.").format(count=restored.breaks))
    if restored.aside:
        lines.append(_("What was there is kept as {name}.").format(name=restored.aside))
    if restored.settings_file is not None:
        words = _("The settings of the machine that made the backup lie in {file}.")
        lines.append(words.format(file=restored.settings_file))
    lines.append(_("Start the door again: it brings back what it has seen since."))
    return lines


def restored_record(restored: Restored) -> dict[str, object]:
    """The same for programs."""
    return {
        "centre": restored.header.centre,
        "made_at": restored.header.made_at,
        "rows": restored.manifest.rows,
        "breaks": restored.breaks,
        "aside": restored.aside,
        "settings_file": str(restored.settings_file or ""),
    }


def _head(head: tuple[str, int, str]) -> dict[str, Any]:
    return dict(zip(("chain", "sequence", "hash"), head, strict=True))


def _made_at(file: Path) -> datetime:
    return datetime.strptime(file.name[: -len(SUFFIX)].rsplit("-", 1)[1], STAMP).replace(tzinfo=UTC)
