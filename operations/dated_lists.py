"""What the centre's own dated lists (kinds of figures, links to check) have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import locales
import models
from locales import _
from operations.boundary import Session
from operations.centre import civil_date
from operations.errors import Invalid

LONGEST_WORDS = 80
_CODE = re.compile(r"[a-z][a-z0-9_]{0,31}")


def own_words(label: str, label_en: str) -> str:
    """Return a list's words in the current language: a message translated, the centre's own as they are."""
    return label_en if locales.language() == "en" and label_en else _(label)


def check_words(code: str, label: str, label_en: str, article: int | None, example: str) -> None:
    """Refuse a code or words that a list cannot hold."""
    if not _CODE.fullmatch(code):
        raise Invalid(
            _("{code} cannot be a code.").format(code=code or "—"),
            article=article,
            next_step=_("Use small letters, digits and _, such as {example}.").format(example=example),
        )
    if not label or max(len(label), len(label_en)) > LONGEST_WORDS:
        raise Invalid(
            _("A name is needed, of at most {most} characters.").format(most=LONGEST_WORDS), article=article
        )


def write_change(
    session: Session,
    table: type[models.Table],
    subject: str,
    article: int,
    effective_from: date,
    fields: Mapping[str, Any],
) -> None:
    """Keep a change from a civil day on, in place of another one of that day; the past stays as it was."""
    if effective_from < civil_date(session.now):
        raise Invalid(_("What counted on days that are past stays as it was."), article=article)
    same_day = (table.code == fields["code"]) & (table.effective_from == effective_from)
    table.delete().where(same_day).execute()
    table.create(
        **fields, effective_from=effective_from, set_by=session.actor.work_number, set_at=session.now
    )
    session.about(f"{subject}:{fields['code']}", **{**fields, "effective_from": effective_from.isoformat()})
