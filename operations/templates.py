"""Templates for entries: a handful to begin with, and whatever the centre makes of them (Art. 9)."""

from __future__ import annotations

import re
from dataclasses import asdict, replace

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.errors import Invalid, NotFound
from operations.permissions import Action
from regulation.logbook import ENTRY_KINDS, TEMPLATES, Template

_CODE = re.compile(r"[a-z][a-z0-9_]{0,31}")
LONGEST_TITLE = 40
LONGEST_TEXT = 500
MOST_DUE_MINUTES = 7 * 24 * 60


@reads(Action.READ_DESK)
def entry_templates(_session: Session) -> tuple[Template, ...]:
    """Return the templates in use: the product's own as the centre changed them, then the centre's."""
    return _in_use()


@writes(Action.KEEP_TEMPLATES)
def set_entry_template(session: Session, template: Template) -> None:
    """Add a template, or give a known code new words."""
    given = replace(template, code=template.code.strip(), title=template.title.strip())
    if not _CODE.fullmatch(given.code):
        raise Invalid(
            _("{code} cannot be the code of a template.").format(code=given.code or "—"),
            article=9,
            next_step=_("Use small letters, digits and _, such as fire_drill."),
        )
    if given.kind not in ENTRY_KINDS:
        raise Invalid(_("Choose a kind of entry from the list."))
    too_long = len(given.title) > LONGEST_TITLE or len(given.text) > LONGEST_TEXT
    if too_long or not (given.title and given.text.strip() and 0 <= given.due_minutes <= MOST_DUE_MINUTES):
        raise Invalid(_("A template needs a short title and a text, and is due within a week."), article=9)
    _write(session, given, retired=False)


@writes(Action.KEEP_TEMPLATES)
def retire_entry_template(session: Session, code: str) -> None:
    """Take a template off the list; entries written with it stay as they are."""
    known = {template.code: template for template in _in_use()}
    if code not in known:
        raise NotFound(_("There is no template {code}.").format(code=code), article=9)
    _write(session, known[code], retired=True)


def _in_use() -> tuple[Template, ...]:
    table = models.EntryTemplate
    own = {row.code: row for row in table.select().order_by(table.id)}
    first = [_template(own[t.code]) if t.code in own else t for t in TEMPLATES]
    codes = {template.code for template in TEMPLATES}
    more = [_template(row) for code, row in own.items() if code not in codes]
    retired = {code for code, row in own.items() if row.retired}
    return tuple(template for template in (*first, *more) if template.code not in retired)


def _template(row: models.EntryTemplate) -> Template:
    return Template(row.code, row.kind, row.title, row.text, **row.defaults)


def _write(session: Session, template: Template, *, retired: bool) -> None:
    table = models.EntryTemplate
    fields = asdict(template)
    code, kind, title, text = (fields.pop(name) for name in ("code", "kind", "title", "text"))
    table.delete().where(table.code == code).execute()
    table.create(
        code=code,
        kind=kind,
        title=title,
        text=text,
        defaults=fields,
        retired=retired,
        set_by=session.actor.work_number,
        set_at=session.now,
    )
    session.about(f"template:{code}", title=title, kind=kind, retired=retired)
