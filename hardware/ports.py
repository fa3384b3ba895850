"""The ports of this machine: which there are, which can be opened, and where virtual readers take orders."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from hardware.decoders import decoder_factory
from hardware.port import PortError, open_port
from hardware.virtual import VirtualReader
from locales import _
from settings import Reader, ZhibanError

LOOK_SECONDS: Final = 0.2
Device = TypeVar("Device")
_NAME = re.compile(r"[\w.-]{1,40}")


def local_ports() -> tuple[str, ...]:
    """Return the names of this machine's serial ports."""
    from serial.tools.list_ports import comports

    return tuple(sorted(port.device for port in comports()))


def reader_trouble(reader: Reader) -> tuple[ZhibanError | None, bool]:
    """Open the reader's port for a moment, its lines low; return what is wrong, and whether it is only in use."""
    try:
        decoder_factory(reader.format)
        open_port(reader.port, baudrate=reader.baudrate, read_seconds=LOOK_SECONDS, lines_low=True).close()
    except PortError as error:
        return error, error.kind == "busy"
    except ZhibanError as error:
        return error, False
    return None, False


def virtual_reader(format_name: str, link: Path | None) -> VirtualReader:
    """Make a virtual reader, under the name ``link`` if given. Raises ``ZhibanError``."""
    return under_name(link, lambda place: VirtualReader(format_name, place))


def under_name(link: Path | None, make: Callable[[Path | None], Device]) -> Device:
    """Make a virtual device under the name ``link``. Raises ``ZhibanError``.

    Only a link is ever put in another's place: a file that stands there stays.
    """
    try:
        if link is None:
            return make(None)
        if link.exists() and not link.is_symlink():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        return make(link.expanduser().absolute())
    except OSError as error:
        raise ZhibanError(
            _("The virtual reader cannot be made at {path}: {why}.").format(path=link, why=error.strerror),
            next_step=_("Choose another path for --link."),
        ) from error


def control_path(run_folder: Path, reader: str) -> Path:
    """Return where the virtual reader called ``reader`` takes orders. Raises ``ZhibanError`` for a bad name."""
    if not _NAME.fullmatch(reader):
        raise ZhibanError(
            _("{name} cannot be a reader's name.").format(name=repr(reader)),
            next_step=_("Use letters, digits, dots and dashes."),
        )
    return run_folder / f"reader-{reader}.sock"


def virtual_readers(run_folder: Path) -> tuple[str, ...]:
    """Return the names of the virtual readers that left a socket in ``run_folder``."""
    sockets = (path for path in run_folder.glob("reader-*.sock") if path.is_socket())
    return tuple(sorted(path.stem.removeprefix("reader-") for path in sockets))


def only_virtual_reader(run_folder: Path) -> str:
    """Return the virtual reader that runs. Raises ``ZhibanError`` when there is none, or a choice of several."""
    names = virtual_readers(run_folder)
    if not names:
        raise ZhibanError(
            _("No virtual reader is running."), next_step=_("Start one with: zhiban reader --format line")
        )
    if len(names) > 1:
        raise ZhibanError(
            _("Several virtual readers are running: {names}.").format(names=", ".join(names)),
            next_step=_("Choose one with --reader."),
        )
    return names[0]
