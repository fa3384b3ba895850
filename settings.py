"""Settings of one machine: a TOML file in the home folder, read once into frozen structures.

What belongs to the whole centre (people, limits, phrases) lives in the centre's data, not here. This file says
where that data is, which readers hang on this machine, and how its desk and its paper behave.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import platformdirs

from locales import _

SETTINGS_FILE = "settings.toml"
HOME_VARIABLE = "ZHIBAN_HOME"


class ZhibanError(Exception):
    """Something a person must hear about, in words a shift leader understands.

    ``message`` and ``next_step`` are already in the reader's language; ``article`` is the regulation's article
    behind the refusal, when there is one; a house rule (0) cites none.
    """

    def __init__(self, message: str, *, article: int | None = None, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.article = article or None
        self.next_step = next_step

    def __str__(self) -> str:
        cited = _("{message} (Art. {article})").format(message=self.message, article=self.article)
        return cited if self.article is not None else self.message


class SettingsError(ZhibanError):
    """The settings file, or the home folder that holds it, cannot be used."""


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the settings file; an unknown key in it is an error, not a silent typo."""


class Database(Section, frozen=True):
    """Where the centre's data is: empty for one SQLite file in the home folder, or a ``postgresql://`` URL."""

    url: str = ""


class Desk(Section, frozen=True):
    """The desk on this machine."""

    idle_lock_minutes: int = 10
    sign_out_hours: int = 16
    theme: Literal["night", "day", "contrast"] = "night"


class Reader(Section, frozen=True):
    """One badge reader: any pyserial URL, the format it speaks, the side of the door it sits on.

    ``direction`` ``both`` is one reader for both ways: whoever is inside leaves, everyone else enters. ``confirm``
    asks for two identical reads where the format's check is weak; ``auto`` does so where the reader repeats by
    itself. ``address`` is the device's number on an OSDP bus: readers with one ``port`` share a bus.
    """

    name: str
    port: str
    format: str = "line"
    direction: Literal["in", "out", "both"] = "in"
    baudrate: int = 9600
    confirm: Literal["auto", "on", "off"] = "auto"
    address: int = 0


class Strike(Section, frozen=True):
    """What opens the door: a relay board, a modem line, an output of an OSDP reader, or nothing yet.

    ``relay`` is an LCUS board (on and off), ``modbus`` a board that times the pulse itself; ``channel`` is the
    relay's number from 1, or the output's from 0 on the OSDP reader named by ``reader``. ``relock_on_open`` locks
    as soon as the contact says that the door was opened.
    """

    kind: Literal["relay", "modbus", "rts", "dtr", "osdp", "none"] = "none"
    port: str = ""
    channel: int = 1
    address: int = 1
    reader: str = ""
    open_seconds: float = 5.0
    relock_on_open: bool = True


class DoorInput(Section, frozen=True):
    """A switch at the door: a modem line of a serial port, or an input of the OSDP reader named by ``reader``.

    ``active`` says which electrical state means "door open" (contact) or "pressed" (exit button).
    """

    kind: Literal["cts", "dsr", "osdp", "none"] = "none"
    port: str = ""
    reader: str = ""
    number: int = 0
    active: Literal["high", "low"] = "high"


class Kiosk(Section, frozen=True):
    """The door on this machine. ``name`` is the writer of its event chain and must never be given to another.

    ``dress`` is how Art. 15 is brought to mind at the entry: not, as the screen's last line, or as a question.
    ``osdp_keys`` is the file of the OSDP readers' keys (empty: ``osdp.keys`` in the kiosk's folder).
    """

    name: str = "door"
    readers: tuple[Reader, ...] = ()
    strike: Strike = Strike()
    contact: DoorInput = DoorInput()
    exit_button: DoorInput = DoorInput()
    dress: Literal["off", "reminder", "confirm"] = "reminder"
    osdp_keys: str = ""


class Paper(Section, frozen=True):
    """Printed logs: the folder they are filed in (empty: ``paper`` in the home folder), and where they are printed.

    ``printer`` is a queue's name or an ``ipp://`` or ``ipps://`` address; with ``automatic`` a desk prints every
    day whose last handover was sealed, once.
    """

    folder: str = ""
    printer: str = ""
    automatic: bool = False


class Backup(Section, frozen=True):
    """Backups of this home: their folder (empty: ``backups`` in the home folder), and how many are kept there."""

    folder: str = ""
    keep: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 14


class Figures(Section, frozen=True):
    """How the call platform writes the daily figures it exports as CSV.

    ``columns`` says which figure a column holds, by the heading it has in the file; ``percent`` whether a share is
    written with or without a sign (95.3) or as a ratio (0.953).
    """

    encoding: Literal["utf-8", "gb18030"] = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    date_column: str = "日期"
    shift_column: str = "班次"
    date_format: str = "%Y-%m-%d"
    thousands: Literal[",", " ", "'", ""] = ","
    percent: Literal["sign", "ratio"] = "sign"
    columns: dict[str, str] = {}

    def __post_init__(self) -> None:
        """Refuse a date format that does not lead from a day to text and back."""
        day = datetime(2026, 11, 23)  # noqa: DTZ001  a civil day
        try:
            sound = datetime.strptime(day.strftime(self.date_format), self.date_format) == day  # noqa: DTZ007
        except ValueError:
            sound = False
        if not sound:
            raise ValueError(_("date_format must hold year, month and day, such as %Y-%m-%d"))


class Confidential(Section, frozen=True):
    """Where the keys of confidential text are (Art. 32): empty for ``secret.key`` in the home folder.

    A key file on another disk, or one that is only there while a leader works, is named here.
    """

    key_file: str = ""


class Settings(Section, frozen=True):
    """The whole file. Every section and key may be left out."""

    language: Literal["", "zh_CN", "en"] = ""
    database: Database = Database()
    desk: Desk = Desk()
    kiosk: Kiosk = Kiosk()
    paper: Paper = Paper()
    figures: Figures = Figures()
    confidential: Confidential = Confidential()
    backup: Backup = Backup()


class Home(msgspec.Struct, frozen=True):
    """The home folder: settings, the SQLite file, the kiosk's own store, papers, and run-time sockets."""

    folder: Path
    settings: Settings

    @property
    def database_url(self) -> str:
        """The centre's database: the configured URL, or the SQLite file of this home."""
        return self.settings.database.url or f"sqlite:///{self.folder / 'centre.db'}"

    @property
    def key_file(self) -> Path:
        """The keys of confidential text, outside the database and private to their owner (Art. 32)."""
        configured = self.settings.confidential.key_file
        return Path(configured).expanduser() if configured else self.folder / "secret.key"

    @property
    def kiosk_folder(self) -> Path:
        """The kiosk's journal and snapshot, apart from the centre's data."""
        return self.folder / "kiosk"

    @property
    def osdp_key_file(self) -> Path:
        """The keys of the OSDP readers, private to their owner."""
        configured = self.settings.kiosk.osdp_keys
        return Path(configured).expanduser() if configured else self.kiosk_folder / "osdp.keys"

    @property
    def run_folder(self) -> Path:
        """Sockets and locks of processes that are running now."""
        return self.folder / "run"

    @property
    def paper_folder(self) -> Path:
        """Where printed logs are filed."""
        configured = self.settings.paper.folder
        return Path(configured).expanduser() if configured else self.folder / "paper"

    @property
    def backup_folder(self) -> Path:
        """Where backups are kept."""
        configured = self.settings.backup.folder
        return Path(configured).expanduser() if configured else self.folder / "backups"

    @property
    def print_queue_folder(self) -> Path:
        """Documents that wait for a printer, private to their owner."""
        return self.paper_folder / "queue"


def home_folder(given: Path | None = None) -> Path:
    """Return the home folder: ``--home``, then ``ZHIBAN_HOME``, then the platform's data folder."""
    if given is not None:
        return given.expanduser().absolute()
    if named := os.environ.get(HOME_VARIABLE):
        return Path(named).expanduser().absolute()
    return Path(platformdirs.user_data_path("zhiban"))


def open_home(given: Path | None = None) -> Home:
    """Make the home folder private to its owner and read its settings.

    Raises :class:`SettingsError` naming the folder, or the file and the key, that cannot be used.
    """
    folder = home_folder(given)
    try:
        for part in (folder, folder / "kiosk", folder / "run"):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(13, os.strerror(13))
        text = _settings_text(folder / SETTINGS_FILE)
    except OSError as error:
        raise SettingsError(
            _("The home folder {folder} cannot be used: {why}.").format(folder=folder, why=error.strerror),
            next_step=_("Give another one with --home, or make it yours with chown."),
        ) from error
    return Home(folder, parse_settings(text, folder / SETTINGS_FILE))


def parse_settings(text: str, file: Path) -> Settings:
    """Read settings from TOML ``text``; ``file`` is only named in errors."""
    try:
        return msgspec.convert(tomllib.loads(text), Settings)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            _("{file} is not valid TOML: {why}.").format(file=file, why=error),
            next_step=_("Correct that line; nothing was changed."),
        ) from error
    except msgspec.ValidationError as error:
        raise SettingsError(
            _explain(str(error), file), next_step=_("Correct the key and try again; nothing was changed.")
        ) from error


def save_figures(home: Home, figures: Figures) -> None:
    """Write the ``[figures]`` table of a home's settings file anew; everything else in the file stays as it is.

    Raises :class:`SettingsError` when the file cannot be written, or holds the table in a form that is not ours.
    """
    file = home.folder / SETTINGS_FILE
    try:
        text = _with_figures(_settings_text(file), figures)
        if parse_settings(text, file) != msgspec.structs.replace(home.settings, figures=figures):
            raise SettingsError(
                _("{file} holds [figures] in a form that cannot be rewritten.").format(file=file),
                next_step=_("Take [figures] out of the file by hand, then save again."),
            )
        fresh = file.with_name(f".{SETTINGS_FILE}.new")
        with os.fdopen(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as new:
            new.write(text)
        fresh.replace(file)
    except OSError as error:
        raise SettingsError(
            _("{file} cannot be written: {why}.").format(file=file, why=error.strerror),
            next_step=_("Make the home folder yours with chown."),
        ) from error


def _with_figures(text: str, figures: Figures) -> str:
    kept, ours = [], False
    for line in text.splitlines():
        if line.lstrip().startswith("["):
            ours = re.match(r"\s*\[\s*figures\s*[\].]", line) is not None
        if not ours:
            kept.append(line)
    given = msgspec.structs.asdict(figures)
    columns = given.pop("columns")
    table = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in given.items()]
    rows = [f"{json.dumps(k, ensure_ascii=False)} = {json.dumps(v)}" for k, v in columns.items()]
    before = "\n".join(kept).rstrip()
    head = [before, ""] if before else []
    return "\n".join([*head, "[figures]", *table, "", "[figures.columns]", *rows]) + "\n"


def _settings_text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _explain(problem: str, file: Path) -> str:
    """Turn msgspec's sentence (``… - at `$.kiosk.name```) into one that names file and key."""
    where = re.search(r"at `\$\.?(.*?)`$", problem)
    key = where.group(1) if where else ""
    if unknown := re.search(r"unknown field `(.+?)`", problem):
        full = f"{key}.{unknown.group(1)}" if key else unknown.group(1)
        return _("{file}: there is no setting called {key}.").format(file=file, key=full)
    if missing := re.search(r"missing required field `(.+?)`", problem):
        full = f"{key}.{missing.group(1)}" if key else missing.group(1)
        return _("{file}: the setting {key} is missing.").format(file=file, key=full)
    why = problem.split(" - at ", maxsplit=1)[0]
    return _("{file}: {key} has a value that cannot be used ({why}).").format(file=file, key=key, why=why)
