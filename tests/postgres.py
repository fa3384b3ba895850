"""A PostgreSQL server of the tests' own: made in a temporary folder, reachable by its socket alone, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

# The server refuses to run as root; nobody owns its folder then.
UNPRIVILEGED = "nobody"
OWNER = "zhiban"
START_SECONDS = 60
LOG_ENDS = 4000
MEMORY = Path("/dev/shm")
MEMORY_BYTES = 2 << 30

# Nothing here must survive a power cut: the tests ask for correctness, not durability.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "''",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "autovacuum": "off",
}


def binaries() -> Path | None:
    """Return the folder that holds ``initdb`` and ``pg_ctl``: from PATH, else the newest of the distribution's."""
    found = shutil.which("pg_ctl")
    folders = [Path(found).resolve().parent] if found else []
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(installed, key=lambda folder: folder.parent.name.zfill(4), reverse=True)
    return next((f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists()), None)


@dataclass(frozen=True)
class Server:
    """A running server; ``folder`` holds its data, its socket and its log."""

    folder: Path
    bin: Path

    def url(self, name: str) -> str:
        """Return the URL of one of its databases."""
        return f"postgresql://{OWNER}@/{name}?host={self.folder}"

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database, as a copy of ``template``; return its URL. Nobody may be connected to the template."""
        # By its files: in memory that takes half of what writing every page to the log does.
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        try:
            self._pg_ctl("start", "-o", f"{options} -k {self.folder}", "-l", str(self.folder / "log"))
        except subprocess.CalledProcessError as error:
            log = (self.folder / "log").read_text(errors="replace") if (self.folder / "log").exists() else ""
            raise RuntimeError(f"PostgreSQL did not start: {error.output}{log[-LOG_ENDS:]}") from error

    def stop(self) -> None:
        """Stop the server at once, like a machine that fails."""
        self._pg_ctl("stop", "-m", "immediate")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def _pg_ctl(self, verb: str, *arguments: str) -> None:
        command = [str(self.bin / "pg_ctl"), "-D", str(self.folder / "data"), "-w", "-t", str(START_SECONDS)]
        run_unprivileged([*command, *arguments, verb], self.folder)


def run_unprivileged(command: list[str], folder: Path) -> None:
    """Run ``command`` in ``folder``, as nobody when we are root."""
    as_nobody = ["runuser", "-u", UNPRIVILEGED, "--"] if os.geteuid() == 0 else []
    # Output goes to a file: a pipe would stay open as long as the server that inherits it.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [*as_nobody, *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"},
            check=False,
        )
        output.seek(0)
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, command, output.read())


def _fast_folder() -> Path | None:
    """Memory, where there is plenty: copying a database is copying three hundred small files."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_BYTES else None


@contextmanager
def running_server(bin_folder: Path) -> Iterator[Server]:
    """Make a new server, start it, and take it away again."""
    # A socket's path has room for about 100 characters, so the folder lies near the root.
    folder = Path(tempfile.mkdtemp(prefix="zhiban-pg-", dir=_fast_folder()))
    server = Server(folder, bin_folder)
    try:
        if os.geteuid() == 0:
            nobody = pwd.getpwnam(UNPRIVILEGED)
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        initdb = [str(bin_folder / "initdb"), "-D", str(folder / "data"), "-U", OWNER, "--auth=trust"]
        run_unprivileged([*initdb, "--no-sync", "--encoding=UTF8", "--locale=C"], folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
