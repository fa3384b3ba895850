"""Daily figures and spot checks as lists (Art. 5, 7, 8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from locales import N_, _
from operations.boundary import SYSTEM
from operations.check_links import check_links
from operations.daily_figures import target_text
from operations.dated_lists import own_words
from operations.errors import NotFound
from operations.figure_kinds import figure_kinds
from operations.figures import FigureForm, FigureRow, figure_forms, value_text
from operations.figures_import import ImportPlan
from operations.listings import Listing, Office, own_language
from operations.spot_checks import CheckRow, LinkRow, link_words, spot_checks
from regulation.figures import FormState
from regulation.spot_checks import RESULT_NAMES

STATE_WORDS = {
    FormState.OPEN: N_("not complete yet"),
    FormState.ON_TIME: N_("in on time"),
    FormState.LATE: N_("late (Art. 8)"),
    FormState.MISSING: N_("missing (Art. 8)"),
}


def figures_listing(at: Office, day: date) -> Listing:
    """The figures of a day, shift by shift."""
    forms = figure_forms(SYSTEM, at.now, day)
    rows = [_figure_cells(at, form, row) for form in forms for row in form.rows]
    return Listing(
        [_form_record(form) for form in forms],
        (N_("shift"), N_("figure"), N_("value"), N_("target"), N_("unit"), N_("entered"), N_("by")),
        rows,
        _("No shift is rostered for this day."),
        right=(2, 3),
    )


def form_lines(at: Office, day: date) -> list[str]:
    """How the day's forms stand, one line each."""
    line = _("{shift}: {given} of {count}, due {due}, {state}")
    return [
        line.format(
            shift=form_name(form),
            given=form.given,
            count=len(form.rows),
            due=at.clock(form.due_at),
            state=_(STATE_WORDS[form.state]),
        )
        for form in figure_forms(SYSTEM, at.now, day)
    ]


def form_of_shift(at: Office, day: date, shift: str) -> FigureForm:
    """Return the form of a day's shift by its code or its name. Raises :class:`NotFound`."""
    forms = figure_forms(SYSTEM, at.now, day)
    found = next((form for form in forms if shift in (form.shift, form.name, form.name_en)), None)
    if found is None:
        there = ", ".join(form.shift for form in forms) or "—"
        raise NotFound(
            _("{date} has no shift called “{shift}”; it has: {there}.").format(
                date=day.isoformat(), shift=shift, there=there
            ),
            article=8,
        )
    return found


def kinds_listing(at: Office, on: date) -> Listing:
    """The kinds of figures that count on a day."""
    kinds = figure_kinds(SYSTEM, at.now, on)
    return Listing(
        kinds,
        (N_("code"), N_("figure"), N_("unit"), N_("target"), N_("digits")),
        [
            (k.code, own_words(k.label, k.label_en), own_words(k.unit, k.unit_en), target_text(k), k.decimals)
            for k in kinds
        ],
        right=(3, 4),
    )


def links_listing(at: Office, on: date) -> Listing:
    """The links that are spot-checked on a day."""
    links = check_links(SYSTEM, at.now, on)
    return Listing(links, (N_("code"), N_("link")), [(link.code, link_words(link)) for link in links])


def spot_checks_listing(at: Office, day: date) -> Listing:
    """A day's plan with its checks; a link nobody checked says so."""
    plan = spot_checks(SYSTEM, at.now, day)
    record = {
        "date": plan.date,
        "ended": plan.ended,
        "checked": plan.checked,
        "count": len(plan.links),
        "links": [_link_record(row) for row in plan.links],
    }
    headings = (N_("link"), N_("time"), N_("by"), N_("checked"), N_("result"), N_("found"), N_("told"))
    return Listing(record, headings, [cells for row in plan.links for cells in _check_cells(at, row)])


def plan_lines(plan: ImportPlan) -> list[str]:
    """What an import does or would do, and everything that stands in its way, by line and column."""
    lines = [
        _("line {line}, {column}: {before} → {value}").format(
            line=c.line, column=c.column, before=c.before or "—", value=c.value
        )
        for c in plan.changes
    ]
    lines += problem_lines(plan.problems)
    words = _("{new} new, {corrected} corrected, {unchanged} as before, {problems} mistakes")
    corrected = sum(1 for change in plan.changes if change.before)
    return [
        *lines,
        words.format(
            new=len(plan.changes) - corrected,
            corrected=corrected,
            unchanged=plan.unchanged,
            problems=len(plan.problems),
        ),
    ]


def problem_lines(problems: Sequence[object]) -> list[str]:
    """What is wrong with a file, each with its line and its column."""
    lines = []
    for problem in problems:
        line, column, text = (getattr(problem, name) for name in ("line", "column", "text"))
        place = _("line {line}, {column}") if column else _("line {line}")
        lines.append(f"✗ {place.format(line=line, column=column)}: {text}" if line else f"✗ {text}")
    return lines


def form_name(form: FigureForm) -> str:
    """Return a form's shift in the current language, with its team."""
    return f"{own_language(form.name, form.name_en)} {form.team}".strip()


def _figure_cells(at: Office, form: FigureForm, row: FigureRow) -> tuple[str, ...]:
    value = value_text(row) + (" !" if row.missed else "")
    kind = row.kind
    return (
        form_name(form),
        own_words(kind.label, kind.label_en),
        value or "—",
        target_text(kind),
        own_words(kind.unit, kind.unit_en),
        at.clock(row.entered_at),
        row.entered_by,
    )


def _form_record(form: FigureForm) -> dict[str, object]:
    names = ("log_id", "date", "shift", "name", "name_en", "team", "starts_at", "ends_at", "due_at")
    return {
        **{name: getattr(form, name) for name in names},
        "state": form.state,
        "complete_at": form.complete_at,
        "figures": [_figure_record(row) for row in form.rows],
    }


def _figure_record(row: FigureRow) -> dict[str, object]:
    kind = row.kind
    return {
        "code": kind.code,
        "label": kind.label,
        "label_en": kind.label_en,
        "unit": kind.unit,
        "decimals": kind.decimals,
        "bound": kind.bound,
        "target": str(kind.target) if kind.bound != "none" else "",
        "value": row.value,
        "missed": row.missed,
        "version": row.version,
        "entered_by": row.entered_by,
        "entered_at": row.entered_at,
        "reason": row.reason,
        "source": row.source,
        "earlier": row.earlier,
    }


def _link_record(row: LinkRow) -> dict[str, object]:
    link = row.link
    return {"code": link.code, "label": link.label, "label_en": link.label_en, "checks": row.checks}


def _check_cells(at: Office, row: LinkRow) -> list[tuple[str, ...]]:
    name = link_words(row.link)
    if not row.checks:
        return [(name, "—", "", "", _("unchecked (Art. 7)"), "", "")]
    return [(name, *_one_check(at, check)) for check in row.checks]


def _one_check(at: Office, check: CheckRow) -> tuple[str, ...]:
    told = f"{check.informed} {at.clock(check.informed_at)}" if check.informed else ""
    result = _(RESULT_NAMES[check.result])
    return (at.clock(check.checked_at), check.checked_by, check.person, result, check.found, told)
