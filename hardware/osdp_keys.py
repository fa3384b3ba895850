"""The file of the OSDP readers' keys, private to its owner, and the setting up of a reader's key.

A reader's entry is ``{"key": HEX}``. While a key is being set up it also holds ``"before"``, the key the reader may
still have, so that a set-up that was cut off can be finished by running it again.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import stat
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from hardware import osdp
from hardware.osdp_line import Bell, PortLine, opened
from hardware.osdp_post import OsdpReaderSettings
from hardware.osdp_wire import Talks
from locales import _
from settings import ZhibanError

PRIVATE_MODE: Final = 0o600
OTHERS: Final = 0o077
ANSWER_SECONDS: Final = 4.0
"""How long a reader on the bench may take to prove a key."""

FIRST_WORD_SECONDS: Final = 2.5
"""How long it may take to say anything; it is asked three times meanwhile."""

SILENCE_SECONDS: Final = 1.5
Entries = dict[str, dict[str, str]]
_writing = threading.Lock()


class KeyFileError(ZhibanError):
    """The key file is missing, damaged, or open to others."""


class KeySetupError(ZhibanError):
    """A reader's key could not be set up."""


def load_keys(file: Path, names: Iterable[str]) -> dict[str, bytes]:
    """Return the keys of the readers ``names``. Raises :class:`KeyFileError` in words for what is not right."""
    entries = _entries(file)
    keys = {name: bytes.fromhex(entries[name]["key"]) for name in names if name in entries}
    for name in names:
        if name not in keys:
            raise KeyFileError(
                _("Reader {name} has no OSDP key.").format(name=name),
                next_step=_("Set it up with: zhiban osdp-key {name}").format(name=name),
            )
    return keys


def known_key(file: Path, name: str) -> bytes | None:
    """Return the key of the reader ``name``, if it has one. Raises :class:`KeyFileError` for a file not to be used."""
    entries = _entries(file) if file.exists() else {}
    return bytes.fromhex(entries[name]["key"]) if name in entries else None


def make_key(file: Path, name: str) -> bytes:
    """Make a key for the reader ``name`` and put it into ``file``; the key before it is kept beside it."""
    key = secrets.token_bytes(osdp.KEY_BYTES)
    _store(file, name, key)
    return key


def set_up_key(file: Path, port_url: str, reader: OsdpReaderSettings, *, baudrate: int = 9600) -> None:
    """Give ``reader`` a new key, see it prove the key, and keep the key in ``file``.

    The reader must be in install mode or have the key that the file holds. The key is in the file before the reader
    gets it; run again after a cut, this goes on where it was. Raises ``ZhibanError`` in words.
    """
    entry = _entries(file).get(reader.name, {}) if file.exists() else {}
    known = [bytes.fromhex(entry[word]) for word in ("key", "before") if entry.get(word)]
    unfinished = "before" in entry
    key = known[0] if unfinished else secrets.token_bytes(osdp.KEY_BYTES)
    install_key(
        port_url,
        reader,
        key,
        known=known,
        baudrate=baudrate,
        before_it=lambda: _store(file, reader.name, key),
    )
    _confirm(file, reader.name)


def install_key(
    port_url: str,
    reader: OsdpReaderSettings,
    key: bytes,
    *,
    known: Sequence[bytes] = (),
    baudrate: int = 9600,
    before_it: Callable[[], None] = lambda: None,
) -> None:
    """Open the reader with one of the ``known`` keys or the install key, set ``key``, and see that it proves it.

    Does nothing to a reader that proves ``key`` already. ``before_it`` runs when the reader was heard and has not
    been given the key yet. Raises :class:`KeySetupError`, or ``PortError`` for the port.
    """
    with _Bench(port_url, reader, baudrate) as bench:
        if bench.proves(key):
            before_it()
            return
        old = next((each for each in known if each != key and bench.proves(each)), None)
        if not bench.heard:
            raise KeySetupError(
                _("Reader {name} does not answer at {port}.").format(name=reader.name, port=port_url),
                next_step=_("Check its cable, power, address and speed, and try again."),
            )
        before_it()
        if old is not None:
            bench.give(old, key)
        else:
            bench.install(key)
        if not bench.proves(key):
            raise KeySetupError(
                _("Reader {name} has not taken a new key.").format(name=reader.name),
                next_step=_("Put it into install mode (see its manual) and run the same command again."),
            )


class _Bench:
    """One reader alone on a line, talked to by one panel after the other."""

    def __init__(self, port_url: str, reader: OsdpReaderSettings, baudrate: int) -> None:
        self._reader = reader
        self._talks = Talks([reader.address], SILENCE_SECONDS)
        self._bell = Bell()
        self._line: PortLine = opened(port_url, baudrate, self._talks)

    def __enter__(self) -> _Bench:
        return self

    def __exit__(self, *_error: object) -> None:
        self._line.close()
        self._bell.close()

    def proves(self, key: bytes) -> bool:
        """Whether the reader comes online with ``key``, within :data:`ANSWER_SECONDS`."""
        with self._panel(key) as panel:
            return self._online(panel)

    @property
    def heard(self) -> bool:
        """Whether the reader has said anything at all."""
        return self._talks[self._reader.address].answered_at is not None

    def install(self, key: bytes) -> None:
        """Have libosdp open a reader in install mode with the install key and set ``key``."""
        with self._panel(key, enforce_secure=False) as panel:
            self._online(panel)

    def give(self, old: bytes, key: bytes) -> None:
        """Send ``key`` over a channel made with ``old``."""
        with self._panel(old) as panel:
            if self._online(panel) and panel.submit(0, osdp.key_set(key)):
                self._until(panel, lambda event: isinstance(event, osdp.OrderDone))

    @contextlib.contextmanager
    def _panel(self, key: bytes, *, enforce_secure: bool = True) -> Iterator[osdp.Panel]:
        reader = osdp.PanelReader(self._reader.name, self._reader.address, key)
        panel = osdp.Panel(self._line, [reader], enforce_secure=enforce_secure)
        try:
            yield panel
        finally:
            panel.close()

    def _online(self, panel: osdp.Panel) -> bool:
        self._until(panel, lambda event: isinstance(event, osdp.ReaderOffline), lambda: panel.is_secure(0))
        return panel.is_secure(0)

    def _until(
        self,
        panel: osdp.Panel,
        ends: Callable[[osdp.PanelEvent], bool],
        holds: Callable[[], bool] = lambda: False,
    ) -> None:
        began = time.monotonic()
        while not self._line.fault:
            if time.monotonic() - began > (ANSWER_SECONDS if self.heard else FIRST_WORD_SECONDS):
                return
            if any(ends(event) for event in panel.refresh()) or holds():
                return
            self._line.wait(self._bell)


def _store(file: Path, name: str, key: bytes) -> None:
    with _writing:
        entries = _entries(file) if file.exists() else {}
        before = entries.get(name, {})
        if before.get("key") != key.hex():
            entries[name] = {"key": key.hex(), "before": before.get("key", "")}
            _write(file, entries)


def _confirm(file: Path, name: str) -> None:
    with _writing:
        entries = _entries(file)
        if entries[name].pop("before", None) is not None:
            _write(file, entries)


def _entries(file: Path) -> Entries:
    try:
        with file.open("rb") as opened_file:
            status = os.fstat(opened_file.fileno())
            if stat.S_IMODE(status.st_mode) & OTHERS or status.st_uid not in (os.geteuid(), 0):
                raise KeyFileError(
                    _("The key file {file} is open to others.").format(file=file),
                    next_step=_("Make it private with: chmod 600 {file}").format(file=file),
                )
            return _checked(json.load(opened_file))
    except OSError as error:
        raise KeyFileError(
            _("The key file {file} cannot be read: {why}.").format(file=file, why=error.strerror),
            next_step=_("Set up each OSDP reader with: zhiban osdp-key NAME"),
        ) from error
    except (ValueError, TypeError, AttributeError, KeyError):
        raise KeyFileError(
            _("The key file {file} is damaged.").format(file=file),
            next_step=_("Bring it back from a backup, or set up each OSDP reader anew."),
        ) from None  # the cause may quote a key


def _checked(entries: Entries) -> Entries:
    for entry in entries.values():
        if len(bytes.fromhex(entry["key"])) != osdp.KEY_BYTES or not set(entry) <= {"key", "before"}:
            raise ValueError("an entry of the wrong shape")
        bytes.fromhex(entry.get("before", ""))
    return entries


def _write(file: Path, entries: Entries) -> None:
    """Put the new file in the old one's place at once; it is private from its first byte."""
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            json.dump(entries, new, ensure_ascii=False, indent=1, sort_keys=True)
            new.flush()
            os.fsync(new.fileno())
        beside.replace(file)
        folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise KeyFileError(
            _("The key file {file} cannot be written: {why}.").format(file=file, why=error.strerror),
            next_step=_("Check the folder and the free space, and try again."),
        ) from error
