"""``zhiban assessment`` and ``zhiban audit``: what a month came to, and who did or read what (Art. 3, 31, 33, 44)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import locales
from locales import _
from tui.commands.answers import (
    as_option,
    columns,
    credential,
    json_option,
    office_of,
    one_form,
    parsed,
    pdf_option,
    print_json,
    show,
    written,
)
from tui.commands.attendance_files import xlsx_option
from tui.commands.lookups import month_help

if TYPE_CHECKING:
    from operations.assessment import AssessmentView
    from operations.listings import Office

MOST_RECORDS = 1000


def assessment(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(metavar="MONTH", help=month_help())] = "",
    version: Annotated[
        int | None, typer.Option(min=1, help=_("as it was sent the first time, the second …"))
    ] = None,
    pdf: Annotated[Path | None, pdf_option()] = None,
    xlsx: Annotated[Path | None, xlsx_option()] = None,
    send: Annotated[
        bool, typer.Option("--send", help=_("send it: from then on it is frozen (Art. 44)"))
    ] = False,
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban assessment``."""
    from operations.assessment_listings import assessment_of, assessment_record
    from operations.attendance_listings import month_of

    office = office_of(ctx)
    first = parsed(lambda text: month_of(office, text), month, "MONTH")
    one_form(json=as_json, files=pdf or xlsx, send=send)
    if send:
        _send(office, f"{first:%Y-%m}", by)
        return
    view = assessment_of(office, f"{first:%Y-%m}", version)
    if pdf or xlsx:
        _write(office, view, pdf, xlsx)
    elif as_json:
        print_json(assessment_record(view))
    else:
        from reports.assessment_page import assessment_page, assessment_text

        page = assessment_page(view.assessment, view.sendings, locales.language())
        typer.echo(assessment_text(page, columns()))


def _send(office: Office, month: str, by: str) -> None:
    from operations.assessment import send_assessment
    from operations.attendance_listings import month_of

    number, pin = credential(by)
    sent = send_assessment(number, pin, office.now, month_of(office, month))
    words = _("The assessment of {month} is sent, version {version}. Digest: {digest}")
    typer.echo(words.format(month=month, version=sent.version, digest=sent.digest))


def _write(office: Office, view: AssessmentView, pdf: Path | None, xlsx: Path | None) -> None:
    made, sendings, language = view.assessment, view.sendings, locales.language()
    if xlsx is not None:
        from reports.assessment_xlsx import save_assessment_xlsx

        save_assessment_xlsx(xlsx, made, sendings, language)
        written(xlsx)
    if pdf is not None:
        from reports.assessment_pdf import render_assessment
        from reports.typesetting import save_pdf

        by = _("the command line")
        save_pdf(
            pdf,
            render_assessment(made, sendings, printed_at=office.now, printed_by=by, language=language),
        )
        written(pdf)


def audit(
    ctx: typer.Context,
    actor: Annotated[str, typer.Option(metavar="NUMBER", help=_("only what this work number did"))] = "",
    action: Annotated[str, typer.Option(help=_("only this operation, as --json names it"))] = "",
    subject: Annotated[
        str, typer.Option(help=_("only what was done to it: entry:12, or entry: for all"))
    ] = "",
    since: Annotated[str, typer.Option(metavar="TIME", help=_("from this day or time on"))] = "",
    until: Annotated[str, typer.Option(metavar="TIME", help=_("up to this day or time"))] = "",
    refused: Annotated[bool, typer.Option("--refused", help=_("only what was refused"))] = False,
    readings: Annotated[
        bool, typer.Option("--readings", help=_("only who read what is confidential"))
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=MOST_RECORDS, help=_("at most so many"))] = 100,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban audit``."""
    from operations.assessment_listings import audit_listing
    from operations.audit_browser import AuditFilter
    from operations.door_listings import moment

    office = office_of(ctx)
    wanted = AuditFilter(
        actor,
        action,
        subject,
        parsed(lambda text: moment(office, text), since, "--since"),
        parsed(lambda text: moment(office, text, end=True), until, "--until"),
        refused,
        readings,
    )
    listing, page = audit_listing(office, wanted, limit)
    show(listing, as_json=as_json)
    if page.more_before is not None and not as_json:
        typer.echo(_("There is more; narrow the search or raise --limit."))
