"""The muster list (Art. 20): who is inside now, to be counted in the corridor."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from locales import N_, language
from tui.screens.paper_dialog import SUFFIXES, PaperDialog, write_text

if TYPE_CHECKING:
    from operations.signin import Actor


class MusterDialog(PaperDialog):
    """The list as text, large on paper."""

    TITLE = N_("Muster list of the machine room")

    def _said(self, actor: Actor) -> dict[str, Any]:
        return {
            "time_zone": str(self.desk.zone),
            "printed_by": f"{actor.name}({actor.work_number})",
            "language": language(),
        }

    def preview(self, actor: Actor, now: datetime) -> str:
        """Return the list as text."""
        from operations.occupancy import muster
        from reports.muster import muster_text

        return muster_text(muster(actor, now), **self._said(actor))

    def write(self, actor: Actor, now: datetime, folder: Path, medium: str) -> Path:
        """Write the list of this moment."""
        from operations.occupancy import muster
        from reports.muster import muster_text, render_muster
        from reports.typesetting import save_pdf

        taken = muster(actor, now)
        stamp = now.astimezone(self.desk.zone).strftime("%Y-%m-%d-%H%M%S")
        path = folder / f"zhiban-muster-{stamp}.{SUFFIXES[medium]}"
        if medium == "pdf":
            save_pdf(path, render_muster(taken, **self._said(actor)))
        else:
            write_text(path, muster_text(taken, **self._said(actor)))
        return path
