"""Checking a kiosk's own journal (Art. 33): its chain from the first link, and that the centre tells the same story."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from kiosk.journal_file import JOURNAL_FOLDER, JournalError, JournalReader
from regulation.ledger import Break, Head, check_chain
from regulation.marking import N_


def journal_end(folder: Path, kiosk: str, centre_heads: Sequence[Head]) -> Head | Break | None:
    """Follow the journal in ``folder``; return its head, its first break, or nothing where no kiosk ever ran.

    It begins where the kiosk keeps it from; older events are at the centre alone.

    What the centre holds of this kiosk (among ``centre_heads``) must lie on the journal's chain.
    """
    log = folder / JOURNAL_FOLDER
    if not log.exists():
        return None
    name = f"journal:{kiosk}"
    held = next((head for head in centre_heads if head.chain == f"door:{kiosk}" and head.sequence), None)
    reader = JournalReader(log)
    try:
        return check_chain(name, reader.links(), held, reader.anchor())
    except JournalError as error:
        return Break(name, 0, error.message)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # Bytes that no longer read as a record were changed; the chain before them cannot say more.
        return Break(name, 0, N_("the record was changed"))
    finally:
        reader.close()
