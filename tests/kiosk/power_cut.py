"""What a disk holds after a power cut, rebuilt from a trace: only what was synced, and nothing else.

``strace`` follows a real kiosk. Its lines stand in the order in which calls began and ended, over all threads; a call
counts as begun at its first line and as ended at its last. From them :class:`Disk` keeps, for each file below a
folder, the bytes a cut would have left: of writes through a descriptor opened with ``O_DSYNC`` all that ended, of
others what a sync that began after their end has covered; of names what a sync of their folder has covered.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "openat,close,write,pwrite64,writev,pwritev,pwritev2,ftruncate,fsync,fdatasync,rename,renameat,renameat2,mkdir,unlink"
LINE = re.compile(r"^(\d+) +(.*)$")
UNFINISHED = re.compile(r"^(\w+)\((.*?) ?<unfinished \.\.\.>$")
RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$")
WHOLE = re.compile(r"^(\w+)\((.*)\) += (-?\d+)(?:<(.*?)>)?(?: .*)?$")
HANDLE = re.compile(r"^(\d+)<(.*?)>")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def strace_works() -> bool:
    """Whether calls can be traced here at all."""
    strace = shutil.which("strace")
    if strace is None:
        return False
    return (
        subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True, check=False).returncode == 0
    )


def traced(command: list[str], log: Path) -> list[str]:
    """Return ``command`` so that its calls are written to ``log``, every byte of them."""
    return ["strace", "-D", "-f", "-y", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(log), *command]  # fmt: skip


@dataclass(frozen=True)
class Call:
    """A system call, either as it begins (``result`` is ``None``) or as it ends."""

    name: str
    arguments: str
    result: int | None

    @property
    def handle(self) -> tuple[int, str]:
        """The descriptor it works on, and what that is."""
        found = HANDLE.match(self.arguments)
        return (int(found[1]), _unhexed(found[2])) if found else (-1, "")

    @property
    def texts(self) -> list[bytes]:
        """The strings among its arguments."""
        return [bytes.fromhex(text.replace("\\x", "")) for text in TEXT.findall(self.arguments)]


def calls(log: Path) -> Iterator[Call]:
    """Yield every call twice, at its begin and at its end, in the order in which that happened."""
    begun: dict[str, str] = {}
    for line in log.read_text("ascii", "replace").splitlines():
        found = LINE.match(line)
        if found is None:
            continue
        thread, text = found[1], found[2]
        if unfinished := UNFINISHED.match(text):
            begun[thread] = f"{unfinished[1]}({unfinished[2]}"
            yield Call(unfinished[1], unfinished[2], None)
            continue
        resumed = RESUMED.match(text)
        if resumed:
            text = begun.pop(thread, f"{resumed[1]}(") + resumed[2]
        whole = WHOLE.match(text)
        if whole is None:
            continue
        if not resumed:
            yield Call(whole[1], whole[2], None)
        yield Call(whole[1], whole[2], int(whole[3]))


def _unhexed(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode() if text.startswith("\\x") else text


@dataclass
class _File:
    """A file: the bytes that would survive, and writes that ended but are not synced."""

    durable: bytearray = field(default_factory=bytearray)
    waiting: list[tuple[int, bytes]] = field(default_factory=list)

    def keep(self, count: int) -> None:
        for at, data in self.waiting[:count]:
            self.durable.extend(b"\0" * (at + len(data) - len(self.durable)))
            self.durable[at : at + len(data)] = data
        del self.waiting[:count]


class Disk:
    """Follows the calls of one process and knows what of ``folder`` a cut would leave at this moment."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._files: dict[str, _File] = {}
        self._places: dict[int, int] = {}
        self._synced_handles: set[int] = set()
        self._names: dict[str, _File] = {}  # what the folders say durably
        self._syncing: dict[int, int] = {}
        self._unsynced_folders: set[str] = set()

    def follow(self, call: Call) -> None:
        """Take one begin or end of a call into account."""
        step = getattr(self, f"_{call.name}", None)
        if step is not None:
            step(call)

    def leave(self, target: Path) -> None:
        """Write what a cut would leave into ``target``."""
        for name, file in self._names.items():
            if os.path.dirname(name) in self._unsynced_folders:
                continue
            path = target / Path(name).relative_to(self._folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bytes(file.durable))

    def _openat(self, call: Call) -> None:
        if call.result is None or call.result < 0:
            return
        path = os.path.normpath(call.texts[0].decode())
        self._places[call.result] = 0
        self._synced_handles.discard(call.result)
        if "O_DSYNC" in call.arguments or "O_SYNC" in call.arguments:
            self._synced_handles.add(call.result)
        if path.startswith(self._folder) and ("O_CREAT" in call.arguments or "O_TRUNC" in call.arguments):
            self._files.setdefault(path, _File())

    def _mkdir(self, call: Call) -> None:
        if call.result == 0:
            self._unsynced_folders.add(os.path.normpath(call.texts[0].decode()))

    def _write(self, call: Call) -> None:
        handle, path = call.handle
        if call.result is not None and path in self._files:
            at = self._places.get(handle, 0)
            self._places[handle] = at + call.result
            self._written(handle, path, at, call.texts[0][: call.result])

    def _pwritev(self, call: Call) -> None:
        handle, path = call.handle
        if call.result is not None and call.result >= 0 and path in self._files:
            at = int(call.arguments.rsplit("], ", 1)[1].split(",")[1])
            self._written(handle, path, at, b"".join(call.texts)[: call.result])

    _pwritev2 = _pwritev

    def _written(self, handle: int, path: str, at: int, data: bytes) -> None:
        file = self._files[path]
        file.waiting.append((at, data))
        if handle in self._synced_handles:
            file.keep(len(file.waiting))

    def _fsync(self, call: Call) -> None:
        handle, path = call.handle
        if call.result is None:
            self._syncing[handle] = len(self._files[path].waiting) if path in self._files else 0
        elif call.result == 0 and path in self._files:
            self._files[path].keep(self._syncing.pop(handle, 0))
        elif call.result == 0:
            self._names = {k: v for k, v in self._names.items() if os.path.dirname(k) != path}
            self._names |= {k: v for k, v in self._files.items() if os.path.dirname(k) == path}
            self._unsynced_folders = {new for new in self._unsynced_folders if os.path.dirname(new) != path}

    _fdatasync = _fsync

    def _rename(self, call: Call) -> None:
        if call.result == 0:
            old, new = (os.path.normpath(text.decode()) for text in call.texts[:2])
            if old in self._files:
                self._files[new] = self._files.pop(old)
