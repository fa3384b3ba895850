"""The printers this machine knows, as its printing system (CUPS) names them."""

from __future__ import annotations

import shutil
import subprocess
from typing import Final

ANSWER_SECONDS: Final = 5.0


def printer_names() -> tuple[str, ...] | None:
    """Return the names of the printers, or ``None`` when the machine has no printing system or it is silent."""
    if shutil.which("lpstat") is None:
        return None
    try:
        answer = subprocess.run(
            ["lpstat", "-e"], capture_output=True, text=True, timeout=ANSWER_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return tuple(answer.stdout.split()) if answer.returncode == 0 else ()
