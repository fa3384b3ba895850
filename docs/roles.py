"""The table of roles and actions as a document: ``python -m docs.roles`` writes ``docs/roles.md``."""

from __future__ import annotations

from pathlib import Path

from operations.permissions import ACTION_NAMES, PERMISSIONS
from regulation.roles import ROLE_NAMES, Role

DOCUMENT = Path(__file__).parent / "roles.md"
YES, NO = "●", "·"

_HEAD = """# Who may do what

Made from `operations/permissions.py` by `python -m docs.roles`; a test fails when the two differ, and another reads this
table cell by cell against the check itself. The permission is asked for inside each operation's transaction (Art. 2):
a screen that offers too much gives nothing away, and whoever asks beyond the role stands in the audit as refused.

What a role may do at all is here. Whose record it may be done to (one's own leave, the shift one leads, an entry that
names its readers) is decided by the operation, and refused and recorded the same way. An administrator keeps people,
badges and machines, and reads neither the centre's business nor what is confidential.
"""


def roles_document() -> str:
    """Return the document: a row for each action, a column for each role."""
    roles = list(Role)
    lines = [
        _HEAD,
        f"| action | {' | '.join(ROLE_NAMES[role] for role in roles)} |",
        f"|---|{'|'.join(':-:' for _role in roles)}|",
    ]
    for action, name in ACTION_NAMES.items():
        cells = [YES if action in PERMISSIONS[role] else NO for role in roles]
        lines.append(f"| {name} (`{action.value}`) | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(roles_document(), encoding="utf-8")
