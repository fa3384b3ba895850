"""``zhiban figures``: a day's figures shown, set and imported, and the kinds that are counted (Art. 5, 8)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from locales import _
from tui.commands.answers import (
    as_option,
    home_of,
    json_option,
    office_of,
    parsed,
    print_json,
    show,
    signed_in,
)

if TYPE_CHECKING:
    from operations.figures import FigureForm, FigureGiven
    from settings import Figures


def day_help() -> str:
    """What a day looks like."""
    return _("YYYY-MM-DD, today or yesterday")


def from_help() -> str:
    """From which day a change counts."""
    return _("first day it counts, else today")


def figures_show(
    ctx: typer.Context,
    day: Annotated[str, typer.Argument(metavar="DATE", help=day_help())],
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban figures show``."""
    from operations.day_listings import figures_listing, form_lines

    office = office_of(ctx)
    on = parsed(office.day, day, "DATE")
    show(figures_listing(office, on), as_json=as_json)
    if not as_json and (lines := form_lines(office, on)):
        typer.echo("\n".join(["", *lines]))


def figures_set(
    ctx: typer.Context,
    day: Annotated[str, typer.Argument(metavar="DATE", help=day_help())],
    shift: Annotated[str, typer.Argument(metavar="SHIFT", help=_("code or name of the shift"))],
    values: Annotated[list[str], typer.Argument(metavar="CODE=VALUE...", help=_("figures and their values"))],
    reason: Annotated[str, typer.Option(help=_("why a value that is there already is corrected"))] = "",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban figures set``."""
    from operations.day_listings import form_name, form_of_shift
    from operations.figures import enter_figures

    office = office_of(ctx)
    form = form_of_shift(office, parsed(office.day, day, "DATE"), shift)
    given = [_given(text, form) for text in values]
    count = enter_figures(signed_in(office, by), office.now, form.log_id, given, reason)
    typer.echo(_("{shift}: {count} new values.").format(shift=form_name(form), count=count))


def _given(text: str, form: FigureForm) -> FigureGiven:
    from operations.figures import FigureGiven

    code, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(_("written like calls_in=1204"), param_hint="CODE=VALUE")
    seen = next((row.version for row in form.rows if row.kind.code == code), 0)
    return FigureGiven(code, value, seen)


def figures_import(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("CSV as the call platform exports it"))],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("only say what would happen; nothing is changed"))
    ] = False,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="HEADING=CODE", help=_("which figure a column holds; may be given many times")),
    ] = None,
    date_column: Annotated[str, typer.Option(metavar="HEADING", help=_("column of the date"))] = "",
    shift_column: Annotated[str, typer.Option(metavar="HEADING", help=_("column of the shift"))] = "",
    date_format: Annotated[str, typer.Option(metavar="FORMAT", help=_("such as %Y/%m/%d"))] = "",
    encoding: Annotated[str, typer.Option(metavar="NAME", help="utf-8, gb18030")] = "",
    delimiter: Annotated[str, typer.Option(metavar="SIGN", help=_("between cells: , ; | or tab"))] = "",
    thousands: Annotated[
        str | None, typer.Option(metavar="SIGN", help=_("between thousands: , ' a blank, or nothing"))
    ] = None,
    percent: Annotated[
        str, typer.Option(metavar="FORM", help=_("shares as sign (95.3) or ratio (0.953)"))
    ] = "",
    save_mapping: Annotated[
        bool, typer.Option("--save-mapping", help=_("keep how the file was read in settings.toml"))
    ] = False,
    reason: Annotated[str, typer.Option(help=_("why values that are there already are corrected"))] = "",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban figures import``."""
    from operations.boundary import SYSTEM
    from operations.day_listings import plan_lines
    from operations.figure_kinds import figure_headers
    from operations.figures_file import read_figures
    from operations.figures_import import FiguresFileRefused, figures_import_plan, import_figures
    from settings import save_figures

    office, home = office_of(ctx), home_of(ctx)
    mapping = _mapping(
        home.settings.figures,
        column or [],
        {
            "date_column": date_column,
            "shift_column": shift_column,
            "date_format": date_format,
            "encoding": encoding,
            "delimiter": "\t" if delimiter == "tab" else delimiter,
            "percent": percent,
        },
        thousands,
    )
    read = read_figures(_bytes_of(file), mapping, figure_headers(SYSTEM, office.now))
    plan = figures_import_plan(SYSTEM, office.now, read, mapping, reason)
    typer.echo("\n".join(plan_lines(plan)))
    if read.ignored:
        typer.echo(_("columns left alone: {names}").format(names="、".join(read.ignored)))
    if plan.problems:
        raise FiguresFileRefused(plan.problems)
    if dry_run:
        typer.echo(_("Nothing was changed."))
    elif plan.changes:
        import_figures(signed_in(office, by), office.now, read, mapping, file.name, reason)
        typer.echo(_("Imported from {file}.").format(file=file.name))
    if save_mapping:
        save_figures(home, _with_columns(mapping, dict(read.columns)))
        typer.echo(_("The mapping is kept in settings.toml."))


def _bytes_of(file: Path) -> bytes:
    from settings import ZhibanError

    try:
        return file.read_bytes()
    except OSError as error:
        raise ZhibanError(
            _("{file} cannot be read: {why}.").format(file=file, why=error.strerror),
            next_step=_("Name the file that the call platform wrote."),
        ) from error


def _mapping(kept: Figures, columns: list[str], given: dict[str, str], thousands: str | None) -> Figures:
    """The mapping of the settings with what was given now in its place, checked as the settings are."""
    import msgspec

    from settings import Figures

    fields: dict[str, Any] = msgspec.to_builtins(kept) | {name: text for name, text in given.items() if text}
    if thousands is not None:
        fields["thousands"] = thousands
    fields["columns"] = dict(fields["columns"])
    for text in columns:
        heading, equals, code = text.rpartition("=")
        if not equals or not heading.strip():
            raise typer.BadParameter(_("written like 呼入量=calls_in"), param_hint="--column")
        fields["columns"][heading.strip()] = code.strip()
    try:
        return msgspec.convert(fields, Figures)
    except msgspec.ValidationError as error:
        raise typer.BadParameter(str(error), param_hint="FILE") from error


def _with_columns(mapping: Figures, columns: dict[str, str]) -> Figures:
    import msgspec

    return msgspec.structs.replace(mapping, columns=columns)


def figures_kinds(
    ctx: typer.Context,
    day: Annotated[
        str, typer.Option("--on", metavar="DATE", help=_("the day it is about, else today"))
    ] = "today",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban figures kinds``."""
    from operations.day_listings import kinds_listing

    office = office_of(ctx)
    listing = kinds_listing(office, parsed(office.day, day, "--on"))
    if as_json:
        print_json(listing.records)
    else:
        show(listing)


def figures_kind(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("small letters, digits and _"))],
    label: Annotated[str, typer.Argument(metavar="WORDS", help=_("what the form and the log call it"))],
    english: Annotated[str, typer.Option("--english", help=_("its English words"))] = "",
    unit: Annotated[str, typer.Option(help=_("unit, such as %"))] = "",
    unit_english: Annotated[str, typer.Option("--unit-english", help=_("the unit in English"))] = "",
    decimals: Annotated[int, typer.Option(min=0, max=4, help=_("digits after the point"))] = 0,
    at_least: Annotated[str, typer.Option("--at-least", metavar="VALUE", help=_("target to reach"))] = "",
    at_most: Annotated[str, typer.Option("--at-most", metavar="VALUE", help=_("target not to exceed"))] = "",
    start: Annotated[str, typer.Option("--from", metavar="DATE", help=from_help())] = "today",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban figures kind``."""
    from operations.figure_kinds import set_figure_kind
    from regulation.figures import Bound, FigureKind

    if at_least and at_most:
        raise typer.BadParameter(_("choose one of them"), param_hint="--at-least, --at-most")
    bound = Bound.AT_LEAST if at_least else Bound.AT_MOST if at_most else Bound.NONE
    kind = FigureKind(code, label, unit, decimals, bound, label_en=english, unit_en=unit_english)
    office = office_of(ctx)
    day = parsed(office.day, start, "--from")
    set_figure_kind(signed_in(office, by), office.now, kind, at_least or at_most, day)
    typer.echo(_("The figure {code} counts from {date} on.").format(code=code, date=day.isoformat()))


def figures_retire(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("as zhiban figures kinds shows it"))],
    start: Annotated[str, typer.Option("--from", metavar="DATE", help=from_help())] = "today",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban figures retire``."""
    from operations.figure_kinds import retire_figure_kind

    office = office_of(ctx)
    day = parsed(office.day, start, "--from")
    retire_figure_kind(signed_in(office, by), office.now, code, day)
    typer.echo(_("The figure {code} counts no more from {date} on.").format(code=code, date=day.isoformat()))
