"""What narrows a register: state, person, article, days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from locales import N_, _
from regulation.registers import Register
from tui.screens.register_form import Line, RegisterFormDialog

if TYPE_CHECKING:
    from operations.register_views import RecordFilter
    from tui.app import DeskApp

WAITING, OVERDUE = "waiting", "overdue"
_SPECIAL = {WAITING: N_("waits for something"), OVERDUE: N_("overdue")}


def filter_words(register: Register, wanted: RecordFilter) -> str:
    """Return what narrows the records now, empty for nothing."""
    parts = [_(register.state_named(state).label) for state in wanted.states]
    parts += [_(words) for name, words in _SPECIAL.items() if getattr(wanted, name)]
    if wanted.person_id is not None:
        parts.append(_("one person"))
    if wanted.article is not None:
        parts.append(_("Art. {article}").format(article=wanted.article))
    if wanted.first is not None:
        parts.append(_("from {date}").format(date=wanted.first.isoformat()))
    if wanted.last is not None:
        parts.append(_("to {date}").format(date=wanted.last.isoformat()))
    if wanted.text:
        parts.append(f"“{wanted.text}”")
    return _(", ").join(parts)


class RegisterFilterDialog(RegisterFormDialog):
    """A form that keeps nothing: ``ctrl+s`` shows what matches."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "accept", N_("show"), priority=True)]


def ask_filter(
    desk: DeskApp, register: Register, before: RecordFilter, then: Callable[[object], None]
) -> None:
    """Ask what to narrow the records by; ``then`` gets the filter, or nothing on Esc."""
    chosen = before.states[0] if before.states else ""
    chosen = OVERDUE if before.overdue else WAITING if before.waiting else chosen
    states = tuple((state.key, state.label) for state in register.states)
    articles = sorted(
        {*register.articles, *(c.article for f in register.fields for c in f.choices if c.article)}
    )
    lines = [
        Line("state", _("State"), chosen, (("", N_("any")), *_SPECIAL.items(), *states)),
        Line("person", _("About whom"), hint=N_("work number or name")),
        Line("first", _("From"), before.first.isoformat() if before.first else "", hint=N_("YYYY-MM-DD")),
        Line("last", _("Until"), before.last.isoformat() if before.last else "", hint=N_("YYYY-MM-DD")),
    ]
    if len(articles) > 1:
        article = str(before.article or "")
        options = (("", N_("any")), *((str(number), str(number)) for number in articles))
        lines.insert(1, Line("article", _("Article"), article, options))

    def act(given: Mapping[str, str]) -> Callable[[], object]:
        actor, now = desk.signed_in, desk.clock()

        def job() -> RecordFilter:
            from operations.register_people import person_named
            from operations.register_views import RecordFilter

            return RecordFilter(
                states=() if given["state"] in ("", *_SPECIAL) else (given["state"],),
                waiting=given["state"] == WAITING,
                overdue=given["state"] == OVERDUE,
                person_id=person_named(actor, now, given["person"]) if given["person"] else None,
                article=int(given.get("article") or 0) or None,
                first=_day(given["first"]),
                last=_day(given["last"]),
            )

        return job

    title = _("Narrow: {register}").format(register=_(register.title))
    desk.push_screen(RegisterFilterDialog(title, "", lines, act), then)


def _day(text: str) -> date | None:
    from operations.errors import Invalid

    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(_("A date is written like 2026-11-23, or today, or yesterday.")) from error
