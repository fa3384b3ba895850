"""Is this machine fit for its work? Home, database, door, ports, paper, clock: each in words, with what to do next.

What hangs on the machine is looked at by whoever knows it; those looks come in as :class:`Looks`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import models
from locales import _
from operations import store
from operations.backup import backup_files
from operations.backup_key import key_file
from operations.backup_runs import backup_state, backup_words, failure_words
from operations.boundary import SYSTEM
from operations.door import KioskRow, kiosks
from operations.errors import Outdated
from operations.keys import key_rows
from operations.kiosks import OLDER, PROGRAM
from settings import Home, Reader, ZhibanError

State = Literal["ok", "warning", "fault"]

CLOCK_ANSWER_SECONDS = 3.0
FREE_BYTES_LOW = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. ``name`` is stable; ``text`` and ``next_step`` are for people."""

    name: str
    state: State
    text: str
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Looks:
    """How to look at what hangs on the machine.

    ``ports`` names its serial ports; ``reader_trouble`` says what keeps a reader from being used, if anything, and
    whether only because another program uses its port; ``font`` names the paper's font or raises; ``printers``
    names the printers, ``None`` without a printing system; ``printer_trouble`` says what is wrong with the printer
    of a name or an address, if anything.
    """

    ports: Callable[[], tuple[str, ...]]
    reader_trouble: Callable[[Reader], tuple[ZhibanError | None, bool]]
    font: Callable[[], str]
    printers: Callable[[], tuple[str, ...] | None]
    printer_trouble: Callable[[str], ZhibanError | None]


def examine(home: Home, now: datetime, looks: Looks) -> Iterator[Check]:
    """Look at everything, most important first."""
    yield from check_home(home)
    door_runs = False
    for check in check_database(home, now):
        door_runs |= check == Check(f"kiosk:{home.settings.kiosk.name}", "ok", check.text)
        yield check
    names = ", ".join(looks.ports()) or _("none")
    yield Check("ports", "ok", _("Serial ports of this machine: {names}").format(names=names))
    yield from _readers(home, looks, door_runs)
    yield _font(looks)
    yield _printer(home, looks) if home.settings.paper.printer else _printers(looks)
    yield check_clock()


def check_home(home: Home) -> Iterator[Check]:
    """Look at the home folder: whose it is, who may look into it, and the room left."""
    yield Check("home", "ok", _("The home folder is {folder}.").format(folder=home.folder))
    yield _modes(home)
    free = shutil.disk_usage(home.folder).free
    amount = _("{count} MB free").format(count=free // (1024 * 1024))
    if free < FREE_BYTES_LOW:
        yield Check("disk", "warning", amount, _("Free some space: a full disk closes the door to everyone."))
    else:
        yield Check("disk", "ok", amount)


def check_database(home: Home, now: datetime) -> Iterator[Check]:
    """Look at the centre's database: reachable, of this program's form, set up, and not ahead of the clock."""
    try:
        store.open_database(home.database_url, key_file=home.key_file)
        with store.connected():
            store.read(lambda: None)
        set_up = store.is_set_up()
    except ZhibanError as error:
        yield Check("database", "fault", str(error), error.next_step)
        return
    yield Check("database", "ok", _("The database answers ({kind}).").format(kind=_kind()))
    if not set_up:
        step = _("Run zhiban setup, or zhiban demo.")
        yield Check("centre", "warning", _("The centre has not been set up yet."), step)
        return
    yield _migrations()
    yield _key(now)
    try:
        yield store.read(lambda: _centre(now))
        yield from (_kiosk(row) for row in kiosks(SYSTEM, now))
        yield from check_backups(home, now)
    except ZhibanError as error:
        yield Check("centre", "fault", str(error), error.next_step)


def check_clock() -> Check:
    """Ask the system whether its clock is kept right by the network: every record carries its time."""
    answer = _timedatectl()
    step = _("Switch on network time: timedatectl set-ntp true")
    if answer == "yes":
        return Check("clock", "ok", _("The clock is kept by network time."))
    if answer == "no":
        return Check("clock", "warning", _("The clock is not kept by network time."), step)
    text = _("This system does not say whether its clock is kept by network time.")
    return Check("clock", "warning", text, _("Compare it with a clock you trust."))


def _modes(home: Home) -> Check:
    """Art. 32: what is confidential is readable to its owner alone: the home, the data, the keys, backups, the journal."""
    open_paths = [path for path in _private_paths(home) if path.stat().st_mode & 0o077]
    if not open_paths:
        return Check("modes", "ok", _("Only its owner can read the home folder."))
    names = ", ".join(str(path) for path in open_paths)
    step = _("Close it: chmod -R go-rwx {paths}").format(paths=" ".join(str(path) for path in open_paths))
    return Check("modes", "fault", _("Others on this machine can read {names}.").format(names=names), step)


def _private_paths(home: Home) -> Iterator[Path]:
    """What only its owner may read. Keys, backups and databases are private by themselves: they are copied and moved."""
    yield home.folder
    inside = ("*.db", "*.db-wal", "*.key", "backups", "kiosk", "kiosk/s[ln]*.json", "kiosk/*.keys", "kiosk/journal", "kiosk/journal/*",
              "paper", "run")  # fmt: skip
    yield from sorted({path for pattern in inside for path in home.folder.glob(pattern)})
    for configured in (home.backup_folder, home.paper_folder):
        if configured.parent != home.folder and configured.is_dir():
            yield configured
    yield from backup_files(home.backup_folder)


def check_backups(home: Home, now: datetime) -> Iterator[Check]:
    """Look at the backups: how old the last good one is, whether their folder is there, whether there is a key."""
    state = backup_state(SYSTEM, now)
    for said in backup_words(state, now, lambda at: f"{at:%Y-%m-%d %H:%M} UTC"):
        yield Check("backup", "ok" if said.well else "warning", said.text, said.next_step)
    why, step = failure_words("gone" if not home.backup_folder.is_dir() else "unwritable")
    made_by_itself = home.backup_folder.parent == home.folder and not home.backup_folder.exists()
    if not made_by_itself and not os.access(home.backup_folder, os.W_OK | os.X_OK):
        yield Check("backup:folder", "warning", f"{why} ({home.backup_folder})", step)
    if key_file(home.folder).exists():
        text = _("The backup key is there; its code on paper opens the backups when this machine is gone.")
        yield Check("backup:key", "ok", text, _("Print it with: zhiban backup key"))


def _key(now: datetime) -> Check:
    """Art. 32: without its key a machine shows no confidential text, and takes none."""
    try:
        current = [row for row in key_rows(SYSTEM, now) if row.current or row.texts]
    except ZhibanError as error:
        return Check("key", "fault", str(error), error.next_step)
    missing = [row.number for row in current if not row.here]
    if missing:
        text = _("The key of the confidential text is not on this machine: {numbers}.")
        step = _("Bring it from another desk or from its paper copy: zhiban keys import.")
        return Check("key", "warning", text.format(numbers=", ".join(missing)), step)
    return Check("key", "ok", _("The confidential text has its key here; keep a copy: zhiban keys export."))


def _kind() -> str:
    return "PostgreSQL" if store.is_postgresql() else "SQLite"


def _migrations() -> Check:
    try:
        store.refuse_newer()
    except Outdated as error:
        return Check("migrations", "fault", str(error), error.next_step)
    pending = [migration.name for migration in store.read(store.migrations) if not migration.applied]
    if pending:
        text = _("The database is older than this program: {names}.").format(names=", ".join(pending))
        return Check(
            "migrations", "warning", text, _("Open the desk once; it brings the database up to date.")
        )
    differences = store.schema_differences()
    if differences:
        text = _("The database differs from what this program expects.")
        return Check("migrations", "fault", text, _("Restore a backup, or use the program that made it."))
    return Check("migrations", "ok", _("The database has the form this program expects."))


def _centre(now: datetime) -> Check:
    centre = models.Centre.get()
    record = models.AuditRecord
    last = record.select(record.at).order_by(record.at.desc()).first()
    if last is not None and last.at > now:
        text = _("The clock stands before the newest record of {centre}.").format(centre=centre.name)
        return Check("centre", "fault", text, _("Set the clock right before anyone works."))
    words = _("{centre}, time zone {zone}.").format(centre=centre.name, zone=centre.time_zone)
    return Check("centre", "ok", words)


def _kiosk(row: KioskRow) -> Check:
    name = f"kiosk:{row.kiosk}"
    if row.parts.get(PROGRAM) == OLDER:
        text = _(
            "The program of door {door} is older than the centre's database: it decides by itself, and keeps its events."
        )
        step = _("Install this version on the door's machine, then: systemctl restart zhiban-kiosk")
        return Check(name, "warning", text.format(door=row.kiosk), step)
    ailing = ", ".join(f"{part}: {state}" for part, state in sorted(row.parts.items()) if state != "ok")
    if not row.online:
        text = _("Door {door} has been silent since {at}.").format(
            door=row.kiosk, at=f"{row.seen_at:%Y-%m-%d %H:%M} UTC"
        )
        return Check(name, "warning", text, _("Start it with: zhiban kiosk"))
    if ailing:
        text = _("Door {door}: {parts}").format(door=row.kiosk, parts=ailing)
        return Check(
            name, "warning", text, _("Check the cable, the power and the port's name in the settings.")
        )
    return Check(name, "ok", _("Door {door} is in order.").format(door=row.kiosk))


def _readers(home: Home, looks: Looks, door_runs: bool) -> Iterator[Check]:
    """Look at each reader; a port in use is as it should be while this home's door runs."""
    if not home.settings.kiosk.readers:
        step = _("A door needs a [[kiosk.readers]] table in settings.toml; a desk does not.")
        yield Check("readers", "ok", _("No reader is set for this machine."), step)
    for reader in home.settings.kiosk.readers:
        name = f"reader:{reader.name}"
        trouble, busy = looks.reader_trouble(reader)
        if trouble is None or (busy and door_runs):
            words = _("Reader {name} at {port} ({format}).")
            text = words.format(name=reader.name, port=reader.port, format=reader.format)
            yield Check(name, "ok", text)
        else:
            yield Check(name, "fault", f"{reader.name}: {trouble}", trouble.next_step)


def _font(looks: Looks) -> Check:
    try:
        return Check("font", "ok", _("The paper is set in {family}.").format(family=looks.font()))
    except ZhibanError as error:
        return Check("font", "warning", str(error), error.next_step)


def _printer(home: Home, looks: Looks) -> Check:
    """Ask the printer of the settings: it may be reached without any printing system on this machine."""
    name = home.settings.paper.printer
    trouble = looks.printer_trouble(name)
    if trouble is None:
        return Check("printer", "ok", _("The printer {name} is ready.").format(name=name))
    return Check("printer", "warning", f"{name}: {trouble}", trouble.next_step)


def _printers(looks: Looks) -> Check:
    names = looks.printers()
    if names is None:
        step = _("Install CUPS to print from here; PDF and text work without.")
        return Check("printer", "warning", _("This machine has no printing system."), step)
    if not names:
        step = _("Add one: lpadmin, or http://localhost:631")
        return Check("printer", "warning", _("No printer is set up."), step)
    return Check("printer", "ok", _("Printers: {names}").format(names=", ".join(names)))


def _timedatectl() -> str:
    command = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=CLOCK_ANSWER_SECONDS, check=False, env=_PLAIN
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip()


_PLAIN = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
