"""Daily figures (Art. 5, 8): a form for each shift, entered by its deadline, corrected only by additions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import civil_date, limits_at
from operations.dated_lists import own_words
from operations.duties import duties_of_log, leaders, named, shift_message
from operations.errors import Conflict, Invalid, NotFound
from operations.figure_kinds import kind_changes, not_a_figure
from operations.findings import keep_findings
from operations.permissions import Action
from regulation.figures import (
    FigureKind,
    FormState,
    NotAFigure,
    figure_text,
    figure_value,
    figures_due_at,
    figures_missing_at,
    form_state,
    kinds_in_force,
    target_is_missed,
)
from regulation.ledger import instant_text
from regulation.limits import Limits

ARTICLE = 8
LONGEST_REASON = 200
# How far back the desk offers forms that may still be filled in.
OFFERED = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class EarlierValue:
    """A value that was corrected: what it was, who had entered it when, and why (empty for the first)."""

    value: str
    entered_by: str
    entered_at: datetime
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of a shift as it is shown. ``value`` is decimal text, empty while there is none.

    ``version`` counts the values it has had; ``source`` names the file the value came from, if any.
    """

    kind: FigureKind
    value: str
    missed: bool
    version: int
    entered_by: str
    entered_at: datetime | None
    reason: str
    source: str
    earlier: tuple[EarlierValue, ...]


@dataclass(frozen=True, slots=True)
class FigureForm:
    """A shift's figures. ``complete_at`` is when its last kind got its first value, ``None`` before."""

    log_id: int
    date: date
    shift: str
    name: str
    name_en: str
    team: str
    starts_at: datetime
    ends_at: datetime
    due_at: datetime
    state: FormState
    complete_at: datetime | None
    rows: tuple[FigureRow, ...]

    @property
    def given(self) -> int:
        """How many of its figures have a value."""
        return sum(1 for row in self.rows if row.value)


@dataclass(frozen=True, slots=True)
class FigureGiven:
    """A value as somebody wrote it. ``seen`` is the version it answers to: 0 where there was none."""

    code: str
    text: str
    seen: int = 0


@reads(Action.READ_DESK)
def figure_forms(session: Session, day: date) -> tuple[FigureForm, ...]:
    """Return the forms of the shifts that belong to a civil day, in order of time."""
    return forms_of(logs_of_day(day), session.now)


@reads(Action.READ_DESK)
def figure_forms_offered(session: Session) -> tuple[FigureForm, ...]:
    """Return the forms of the last three days' shifts that have begun, oldest first."""
    return forms_offered(session.now)


@writes(Action.WRITE_FIGURES)
def enter_figures(
    session: Session, log_id: int, given: Sequence[FigureGiven], reason: str = "", source: str = ""
) -> int:
    """Enter a shift's figures, all of them or none; returns how many values are new.

    A value that is there already is left alone; another one in its place is a correction and needs ``reason``.
    Raises :class:`Conflict` when somebody else changed a figure since it was seen.
    """
    log = models.ShiftLog.get_or_none(models.ShiftLog.id == log_id)
    if log is None:
        raise NotFound(_("There is no such shift."), article=ARTICLE)
    written = write_values(session, log, given, reason.strip(), source)
    session.about(f"figures:{log_id}", reason=reason.strip(), source=source, values=written)
    return len(written)


def write_values(
    session: Session, log: models.ShiftLog, given: Sequence[FigureGiven], reason: str, source: str
) -> dict[str, str]:
    """Write what is new of ``given`` and judge the form; returns the new values (inside a transaction)."""
    if session.now < log.starts_at:
        raise Conflict(_("This shift has not begun."), article=ARTICLE)
    if len(reason) > LONGEST_REASON:
        raise Invalid(_("The reason is too long."), article=ARTICLE)
    (before,) = forms_of([log], session.now)
    rows = {row.kind.code: row for row in before.rows}
    written: dict[str, str] = {}
    for figure in given:
        value = value_given(figure, rows)
        row = rows[figure.code]
        if row.value and Decimal(row.value) == value:
            continue
        _check_correction(figure, row, reason)
        models.FigureEntry.create(
            log=log,
            kind=figure.code,
            version=row.version + 1,
            value=str(value),
            reason=reason if row.value else "",
            source=source,
            entered_at=session.now,
            entered_by=session.actor.person_id,
        )
        written[figure.code] = str(value)
    (after,) = forms_of([log], session.now)
    if before.complete_at is None and after.complete_at is not None:
        judge_form(log, after)
    return written


def value_given(figure: FigureGiven, rows: Mapping[str, FigureRow]) -> Decimal:
    """Return the value somebody wrote; raises :class:`Invalid` naming the figure and what is wrong."""
    row = rows.get(figure.code)
    if row is None:
        raise NotFound(_("There is no figure {code} on the list.").format(code=figure.code), article=ARTICLE)
    try:
        return figure_value(figure.text, row.kind)
    except NotAFigure as why:
        words = own_words(row.kind.label, row.kind.label_en)
        raise Invalid(not_a_figure(words, why), article=ARTICLE) from why


def _check_correction(figure: FigureGiven, row: FigureRow, reason: str) -> None:
    words = own_words(row.kind.label, row.kind.label_en)
    if figure.seen != row.version:
        raise Conflict(
            _("{figure} was entered by {who} meanwhile: {value}.").format(
                figure=words, who=row.entered_by or "—", value=row.value or "—"
            ),
            article=ARTICLE,
            next_step=_("Look at it again; nothing was overwritten."),
        )
    if row.value and not reason:
        raise Invalid(
            _("{figure} was {value}; another value needs a reason.").format(figure=words, value=row.value),
            article=ARTICLE,
            next_step=_("The old value stays on record beside it."),
        )


def judge_form(log: models.ShiftLog, form: FigureForm) -> None:
    """Keep what is to be found about a form that is late or missing; each counts once (inside a transaction)."""
    for source, finding, version in form_findings(log, form):
        keep_findings(source, [finding], version)


def form_findings(log: models.ShiftLog, form: FigureForm) -> list[tuple[str, dict[str, object], str]]:
    """Return the findings of a form with their sources and limits' version: late, and missing if it went that far."""
    limits = limits_at(log.ends_at)
    codes = {
        FormState.LATE: (("figures_late", figures_due_at),),
        FormState.MISSING: (("figures_late", figures_due_at), ("figures_missing", figures_missing_at)),
    }.get(form.state, ())
    if not codes:
        return []
    leader = next(iter(leaders(duties_of_log(log))), None)
    found = []
    for code, due in codes:
        finding: dict[str, object] = {
            "code": code,
            "article": ARTICLE,
            "at": instant_text(due(log.ends_at, limits)),
            "person_id": leader.id if leader is not None else None,
            "duty_id": None,
            "evidence": [f"figures:{log.id}"],
            "details": {"shift": shift_message(log), "date": log.date.isoformat()},
        }
        found.append((f"{code}:{log.id}", finding, limits.version))
    return found


def logs_of_day(day: date) -> list[models.ShiftLog]:
    """Return the logs of a civil day's shifts, in order of time (inside a transaction)."""
    log = models.ShiftLog
    query = log.select(log, models.ShiftType).join(models.ShiftType)
    return list(query.where(log.date == day).order_by(log.starts_at))


def forms_offered(now: datetime) -> tuple[FigureForm, ...]:
    """Return the forms of the shifts that began in the last three days, oldest first (inside a transaction)."""
    log = models.ShiftLog
    query = log.select(log, models.ShiftType).join(models.ShiftType)
    begun = query.where(log.starts_at > now - OFFERED, log.starts_at <= now).order_by(log.starts_at)
    return forms_of(list(begun), now)


def forms_of(logs: Sequence[models.ShiftLog], now: datetime) -> tuple[FigureForm, ...]:
    """Return the forms of ``logs`` (inside a transaction)."""
    changes, entries = kind_changes(), _entries(logs)
    limits: dict[date, Limits] = {}
    forms = []
    for log in logs:
        day = civil_date(log.ends_at)
        if day not in limits:
            limits[day] = limits_at(log.ends_at)
        forms.append(_form(log, kinds_in_force(changes, log.date), entries, now, limits[day]))
    return tuple(forms)


def _form(
    log: models.ShiftLog,
    kinds: Iterable[FigureKind],
    entries: Mapping[tuple[int, str], list[models.FigureEntry]],
    now: datetime,
    limits: Limits,
) -> FigureForm:
    held = {kind.code: entries.get((log.id, kind.code), []) for kind in kinds}
    complete_at = max(had[0].entered_at for had in held.values()) if all(held.values()) else None
    return FigureForm(
        log.id,
        log.date,
        log.shift_type.code,
        log.shift_type.name,
        log.shift_type.name_en,
        log.team.code if log.team_id else "",
        log.starts_at,
        log.ends_at,
        figures_due_at(log.ends_at, limits),
        form_state(log.ends_at, complete_at, now, limits),
        complete_at,
        tuple(_row(kind, held[kind.code]) for kind in kinds),
    )


def _row(kind: FigureKind, had: Sequence[models.FigureEntry]) -> FigureRow:
    if not had:
        return FigureRow(kind, "", False, 0, "", None, "", "", ())
    newest = had[-1]
    return FigureRow(
        kind,
        newest.value,
        target_is_missed(kind, Decimal(newest.value)),
        newest.version,
        named(newest.entered_by),
        newest.entered_at,
        newest.reason,
        newest.source,
        tuple(EarlierValue(e.value, named(e.entered_by), e.entered_at, e.reason, e.source) for e in had[:-1]),
    )


def _entries(logs: Sequence[models.ShiftLog]) -> dict[tuple[int, str], list[models.FigureEntry]]:
    entry = models.FigureEntry
    query = entry.select(entry, models.Person).join(models.Person)
    found: dict[tuple[int, str], list[models.FigureEntry]] = {}
    for row in query.where(entry.log.in_([log.id for log in logs])).order_by(entry.version):
        found.setdefault((row.log_id, row.kind), []).append(row)
    return found


def value_text(row: FigureRow) -> str:
    """Return a figure's value as it is shown, empty while there is none."""
    return figure_text(Decimal(row.value), row.kind.decimals) if row.value else ""
