"""Registers as the command line shows them: the shelf, the records of one, one with its story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo

from locales import N_, _
from operations.import_listings import problem_line
from operations.listings import Listing, Office
from operations.register_import import RegisterImport, import_count
from operations.register_sheet import record_lines
from operations.register_views import RecordRow, RecordStory, RegisterBook
from operations.register_words import field_words, state_words, value_words
from regulation.registers import Register


def shelf_listing(books: Sequence[RegisterBook]) -> Listing:
    """Every register with what waits in it."""
    return Listing(
        [
            {
                "key": book.register.key,
                "title": _(book.register.title),
                "articles": list(book.register.articles),
                "version": book.register.version,
                "waiting": book.waiting,
                "overdue": book.overdue,
            }
            for book in books
        ],
        (N_("key"), N_("register"), N_("Art."), N_("waiting"), N_("overdue")),
        [
            (
                book.register.key,
                _(book.register.title),
                ", ".join(str(number) for number in book.register.articles),
                book.waiting,
                book.overdue,
            )
            for book in books
        ],
        _("No register is open to you."),
        right=(3, 4),
    )


def records_listing(
    at: Office, register: Register, rows: Iterable[RecordRow], names: dict[str, str]
) -> Listing:
    """The records of a register, the newest day first."""
    kept = tuple(rows)
    shown = [known for key in register.columns if (known := register.field_named(key)) is not None]
    return Listing(
        kept,
        (N_("record number"), N_("date"), N_("state"), N_("due by"), *(known.label for known in shown)),
        [
            (
                row.number,
                row.day.isoformat(),
                state_words(register, row.state),
                at.clock(row.due_at),
                *(field_words(register, row, known.key, names, at.zone) for known in shown),
            )
            for row in kept
        ],
        _(register.empty) or _("Nothing is on record."),
        right=(0,),
    )


def story_record(story: RecordStory) -> dict[str, object]:
    """One record for programs."""
    return {
        "record": story.record,
        "steps": story.steps,
        "may_take": [step.key for step in story.may_take],
        "may_amend": story.may_amend,
    }


def record_text(story: RecordStory, zone: tzinfo) -> str:
    """One record for people: its fields, its story, what may be done next."""
    lines = [f"{label}  {words}" for label, words in record_lines(story, zone)]
    lines += [
        _("next: {step} ({label})").format(step=step.key, label=_(step.label)) for step in story.may_take
    ]
    return "\n".join(lines)


def import_lines(plan: RegisterImport, zone: tzinfo) -> list[str]:
    """Everything an import brings, then what is wrong, then the count."""
    fields = plan.register.fields
    return [
        *(
            f"{new.cell}: "
            + "  ".join(value_words(f, new.values[f.key], {}, zone) for f in fields if f.key in new.values)
            for new in plan.records
        ),
        *(problem_line(problem) for problem in plan.problems),
        import_count(plan),
    ]


def import_record(plan: RegisterImport, *, imported: bool) -> dict[str, object]:
    """Return an import as JSON of the command line has it."""
    return {
        "register": plan.register.key,
        "records": [
            {"cell": new.cell, "values": new.values, "step": new.step or None} for new in plan.records
        ],
        "unchanged": plan.unchanged,
        "problems": plan.problems,
        "imported": imported,
    }
