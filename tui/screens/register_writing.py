"""Writing into a register: one new record, or the same one for many people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from locales import N_, _
from regulation.findings import HOUSE_RULE
from regulation.register_service import QA_FORM
from regulation.registers import Register
from tui.rows import article_name
from tui.screens.register_form import (
    BY_NAME,
    NAMED,
    PEOPLE,
    WITHOUT_NAME,
    Line,
    RegisterFormDialog,
    lines_for_new,
)

if TYPE_CHECKING:
    from tui.app import DeskApp

LONGEST_LIST = 4000


def ask_new(desk: DeskApp, register: Register, given: Mapping[str, str] = MappingProxyType({})) -> None:
    """Open the form of a new record, with what is ``given`` in its fields, and write it. A QA form has its own."""
    if register.key == QA_FORM.key:
        from tui.screens.qa_form import QaFormDialog

        desk.push_screen(QaFormDialog(given.get("person", "")))
        return
    from operations.registers import open_record

    actor = desk.signed_in
    own = "" if actor.role in register.readers else actor.work_number
    lines = [
        replace(line, value=given.get(line.name, line.value))
        for line in lines_for_new(register, desk.clock(), desk.zone, own)
    ]
    if register.anonymous:
        named = ((BY_NAME, N_("with my name")), (WITHOUT_NAME, N_("without a name: none is kept")))
        lines.append(Line(NAMED, _("Reported"), BY_NAME, named))

    def act(written: Mapping[str, str]) -> Callable[[], object]:
        texts = {key: text for key, text in written.items() if key != NAMED}
        now, anonymous = desk.clock(), written.get(NAMED) == WITHOUT_NAME
        return lambda: open_record(actor, now, register.key, texts, anonymous=anonymous)

    def kept(record_id: object) -> None:
        if record_id is not None:
            desk.notify(_("On record."))

    title = _("{register}: a new record").format(register=_(register.title))
    desk.push_screen(RegisterFormDialog(title, _cited(register), lines, act), kept)


def ask_many(desk: DeskApp, register: Register) -> None:
    """Open the form of one record for many people, and write it for each of them."""
    from operations.register_people import people_named
    from operations.registers import open_records

    lines = [line for line in lines_for_new(register, desk.clock(), desk.zone) if line.name != register.about]
    lines.insert(
        0, Line(PEOPLE, _("For whom *"), hint=N_("numbers, names, teams; * for all"), longest=LONGEST_LIST)
    )
    actor = desk.signed_in

    def act(given: Mapping[str, str]) -> Callable[[], object]:
        texts = {key: text for key, text in given.items() if key != PEOPLE}
        now = desk.clock()

        def job() -> int:
            return len(open_records(actor, now, register.key, texts, people_named(actor, now, given[PEOPLE])))

        return job

    def written(count: object) -> None:
        if isinstance(count, int):
            desk.notify(_("On record for {count} people.").format(count=count))

    title = _("{register}: the same for many").format(register=_(register.title))
    story = _("A list may be pasted: blanks, commas or lines stand between people.")
    desk.push_screen(RegisterFormDialog(title, story, lines, act), written)


def _cited(register: Register) -> str:
    return " ".join(article_name(number) for number in register.articles or (HOUSE_RULE,))
