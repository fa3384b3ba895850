"""Writing a file whole or not at all, private to its owner: what is printed or exported names people (Art. 32)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_private(path: Path, pieces: Iterable[bytes]) -> None:
    """Write ``pieces`` to ``path``; raises ``OSError`` and leaves what was there before.

    A pipe or a device is written to, never replaced. The rights of a new file are 0600.
    """
    path = path.expanduser().resolve()
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as device:
            device.writelines(pieces)
        return
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)
