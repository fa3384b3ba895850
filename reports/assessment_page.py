"""The month's assessment in words (Art. 3, 44): one page of text that terminal, spreadsheet and paper all show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from locales import DEFAULT_LANGUAGE, N_
from regulation.assessment import Assessment
from reports.assessment_sections import sections_of
from reports.listing import table_text
from reports.page_parts import PageSection, bar_lines
from reports.sheet import grouped
from reports.speech import Speech


@dataclass(frozen=True, slots=True)
class AssessmentPage:
    """The whole month as text. ``draft`` is the mark of what nobody has sent, or empty."""

    title: str
    owner: str
    month: str
    stamp: str
    draft: str
    facts: tuple[str, ...]
    sections: tuple[PageSection, ...]
    notes: tuple[str, ...]
    signers: tuple[str, ...]
    sign_here: str
    date_here: str
    digest: str


class Sending(Protocol):
    """A sending of the month, as it is printed."""

    @property
    def version(self) -> int: ...
    @property
    def digest(self) -> str: ...


def assessment_page(
    made: Assessment, sendings: Sequence[Sending] = (), language: str = DEFAULT_LANGUAGE
) -> AssessmentPage:
    """Return an assessment in words of ``language``; its digest is that of its own sending."""
    speech = Speech(language, made.time_zone, made.month)
    say = speech.say
    digest = next((sent.digest for sent in sendings if sent.version == made.version), "")
    return AssessmentPage(
        title=say(N_("Monthly assessment")),
        owner=made.centre,
        month=f"{made.month:%Y-%m}",
        stamp=_stamp(made, speech),
        draft=say(N_("Draft: not sent")) if made.is_draft else "",
        facts=_facts(made, speech),
        sections=sections_of(made, speech),
        notes=_notes(made, speech),
        signers=(say(N_("Deputy manager")), say(N_("Operations department"))),
        sign_here=say(N_("signature")),
        date_here=say(N_("date")),
        digest=f"{say(N_('Digest'))}  {grouped(digest)}" if digest else "",
    )


def assessment_text(page: AssessmentPage, width: int) -> str:
    """Return the page for a terminal of ``width`` columns."""
    head = "  ".join(filter(None, (page.title, page.owner, page.month, page.stamp or page.draft)))
    lines = [head, *page.facts]
    for section in page.sections:
        lines += ["", section.heading]
        if section.rows:
            rows = [[cell.text for cell in row] for row in section.rows]
            right = [place for place, column in enumerate(section.columns) if column.right]
            lines.append(table_text([c.label for c in section.columns], rows, width, right=right))
        else:
            lines.append(section.empty)
        lines += bar_lines(section.bars)
    return "\n".join([*lines, "", *page.notes, *filter(None, [page.digest])])


def _stamp(made: Assessment, speech: Speech) -> str:
    if made.sent_at is None:
        return ""
    words = N_("version {version}, sent {at} by {whom}")
    return speech.say(words, version=made.version, at=speech.full(made.sent_at), whom=made.sent_by)


def _facts(made: Assessment, speech: Speech) -> tuple[str, ...]:
    say = speech.say
    return (
        say(N_("Findings {count}, {trend}"), count=made.found.count, trend=say(made.found.trend)),
        say(N_("Late reports {count}"), count=len(made.late)),
        say(N_("Open breach reports {count}"), count=len(made.breaches)),
        say(N_("Entries refused {count}"), count=made.door.refused),
    )


def _notes(made: Assessment, speech: Speech) -> tuple[str, ...]:
    say = speech.say
    return (
        say(N_("A finding counts in the month in which it happened, by the centre's clock.")),
        say(
            N_("Refused: how often the article was the reason to refuse something; that is the rule at work.")
        ),
        say(N_("A finding is of the duty's team, else of the person's; without a person it is of no team.")),
        say(
            N_("Trend: against the mean of the {count} months before (the numbers stand oldest first)."),
            count=len(made.months),
        ),
        say(
            N_(
                "Attendance rate = duties attended ÷ duties due; halves count halves. Public holiday, annual and "
                "compensatory leave are not due (Art. 34, the house's reading)."
            )
        ),
        say(N_("Limits in force: version {version}"), version=made.limits),
    )
