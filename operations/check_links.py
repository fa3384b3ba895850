"""The links (环节) that are spot-checked every day (Art. 7): the starting list, and the centre's changes, by date."""

from __future__ import annotations

from datetime import date

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import civil_date
from operations.dated_lists import check_words, write_change
from operations.errors import Conflict, NotFound
from operations.permissions import Action
from regulation.spot_checks import Link, LinkChange, links_in_force

ARTICLE = 7


@reads(Action.READ_REGULATION)
def check_links(session: Session, on: date | None = None) -> tuple[Link, ...]:
    """Return the links in force on a civil day, today without one."""
    return links_on(on or civil_date(session.now))


@writes(Action.KEEP_DAY_PLAN)
def set_check_link(session: Session, code: str, label: str, label_en: str, effective_from: date) -> None:
    """Add a link to the plan, or rename one, from a civil day on."""
    code, label, label_en = code.strip(), label.strip(), label_en.strip()
    check_words(code, label, label_en, ARTICLE, "hot_line")
    _write(session, Link(code, label, label_en), effective_from)


@writes(Action.KEEP_DAY_PLAN)
def retire_check_link(session: Session, code: str, effective_from: date) -> None:
    """Check a link no more from a civil day on. The last one stays: Art. 7 asks for checks every day."""
    there = {link.code: link for link in links_on(effective_from)}
    if code not in there:
        raise NotFound(_("There is no link {code} on the plan.").format(code=code), article=ARTICLE)
    if len(there) == 1:
        raise Conflict(_("The last link stays on the plan."), article=ARTICLE)
    _write(session, there[code], effective_from, retired=True)


def links_on(day: date) -> tuple[Link, ...]:
    """Return the links in force on a civil day (inside a transaction)."""
    return links_in_force(link_changes(), day)


def link_changes() -> list[LinkChange]:
    """Return every change the centre made to the plan, in order of its day (inside a transaction)."""
    change = models.LinkChange
    return [
        LinkChange(Link(row.code, row.label, row.label_en), row.effective_from, row.retired)
        for row in change.select().order_by(change.effective_from, change.id)
    ]


def _write(session: Session, link: Link, effective_from: date, *, retired: bool = False) -> None:
    fields = {"code": link.code, "label": link.label, "label_en": link.label_en, "retired": retired}
    write_change(session, models.LinkChange, "check_link", ARTICLE, effective_from, fields)
