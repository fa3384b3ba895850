"""Print jobs: kept until the paper exists, sent by one at a time, counted once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

import models
from operations import printing, store
from operations.boundary import SYSTEM
from operations.daily_log import daily_log, day_shifts, note_printing, was_printed
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.print_states import PrintState
from operations.printing import LEASE, PrintDraft, PrintJobRow
from operations.today import today_board
from tests.centre import NOW, SHIFT_ENDS, TODAY, Built
from tests.operations.acts import LEADER, MINUTE, OPERATOR, SECOND, audit_actions, sealed

AFTER = SHIFT_ENDS + 10 * MINUTE
DRAFT = PrintDraft(TODAY, "", "HP-3F", "desk-1", "/paper/queue/a.pdf", "", False, "en")


def digest_of(built: Built, shift: str = "") -> str:
    return daily_log(built.actors[LEADER], AFTER, TODAY, shift).digest


def night(built: Built) -> PrintDraft:
    """The sealed night, to be printed alone."""
    sealed(built)
    return replace(DRAFT, shift="night", digest=digest_of(built, "night"))


def queued(built: Built, draft: PrintDraft = DRAFT) -> int:
    return printing.queue_print(built.actors[LEADER], AFTER, draft)


def row(job_id: int) -> PrintJobRow:
    return printing.print_job(SYSTEM, AFTER, job_id)


def note(
    job_id: int, state: PrintState, why: str = "", *, holder: str = "a", number: int | None = None
) -> PrintState:
    return printing.note_print_state(SYSTEM, AFTER, job_id, holder, state, why, "", number)


def sent(built: Built, draft: PrintDraft = DRAFT) -> int:
    """A job the printer has numbered."""
    job_id = queued(built, draft)
    assert printing.claim_print(SYSTEM, AFTER, job_id, "a")
    note(job_id, PrintState.SENT, number=7)
    return job_id


# --- what is printed ---------------------------------------------------------------------------------------


def test_one_shift_is_printed_alone_with_its_own_digest(centre: Built) -> None:
    _handover, digest = sealed(centre)
    leader = centre.actors[LEADER]
    log = daily_log(leader, AFTER, TODAY, "night")
    assert [shift.team for shift in log.shifts] == ["甲"]
    assert (log.one_shift, log.digest) == (True, digest)
    assert [shift.code for shift in day_shifts(leader, AFTER, TODAY)] == ["early", "night"]


def test_a_shift_that_is_not_sealed_is_a_draft_while_another_of_its_day_is_sealed(centre: Built) -> None:
    sealed(centre)
    assert digest_of(centre, "early") == ""
    assert digest_of(centre) == ""
    assert digest_of(centre, "night")


def test_a_shift_the_day_does_not_have_is_named_with_those_it_has(centre: Built) -> None:
    with pytest.raises(NotFound, match="no shift middle") as refused:
        daily_log(centre.actors[LEADER], AFTER, TODAY, "middle")
    assert refused.value.next_step == "Shifts of that day: early, night"


def test_visitors_and_findings_of_other_hours_are_not_on_a_shifts_paper(centre: Built) -> None:
    leader = centre.actors[LEADER]
    whole = daily_log(leader, AFTER, TODAY)
    early = daily_log(leader, AFTER, TODAY, "early")
    assert set(early.findings) <= set(whole.findings)
    assert all(early.shifts[0].starts_at <= f.at < early.shifts[0].ends_at for f in early.findings)


# --- asking ------------------------------------------------------------------------------------------------


def test_a_job_is_kept_with_everything_that_was_asked(centre: Built) -> None:
    job = row(queued(centre))
    assert (job.state, job.printer, job.requested_by, job.attempts) == (
        PrintState.QUEUED,
        "HP-3F",
        "王建国",
        0,
    )
    assert audit_actions()[-1] == "queue_print"
    assert not job.troubled


def test_art02_an_operator_prints_no_log(centre: Built) -> None:
    with pytest.raises(NotPermitted):
        printing.queue_print(centre.actors[OPERATOR], NOW, DRAFT)
    with pytest.raises(NotPermitted):
        printing.claim_print(centre.actors[OPERATOR], NOW, 1, "a")


def test_a_job_without_a_printer_is_refused(centre: Built) -> None:
    with pytest.raises(Invalid, match="No printer"):
        queued(centre, replace(DRAFT, printer=" "))


def test_a_paper_that_was_set_before_the_sealing_is_not_printed_after_it(centre: Built) -> None:
    draft = replace(DRAFT, shift="night")
    sealed(centre)
    with pytest.raises(Conflict, match="changed"):
        queued(centre, draft)


def test_a_second_paper_of_the_same_content_must_carry_the_reprint_mark(centre: Built) -> None:
    draft = night(centre)
    queued(centre, draft)
    assert was_printed(centre.actors[LEADER], AFTER, TODAY, draft.digest)
    with pytest.raises(Conflict, match="just now"):
        queued(centre, draft)
    assert row(queued(centre, replace(draft, reprint=True))).reprint


def test_a_canceled_paper_makes_the_next_one_no_reprint(centre: Built) -> None:
    draft = night(centre)
    printing.cancel_print(centre.actors[LEADER], AFTER, queued(centre, draft))
    assert not row(queued(centre, draft)).reprint


def test_the_mark_belongs_to_the_scope_that_was_printed(centre: Built) -> None:
    draft = night(centre)
    leader = centre.actors[LEADER]
    note_printing(leader, AFTER, TODAY, "pdf", draft.digest)
    assert was_printed(leader, AFTER, TODAY, draft.digest)
    assert not was_printed(leader, AFTER, TODAY, "ab" * 32)


# --- sending, one at a time --------------------------------------------------------------------------------


def test_two_desks_that_reach_for_a_job_at_once_do_not_both_get_it(centre: Built) -> None:
    job_id = queued(centre)
    store.close_database()

    def reach(holder: str) -> bool:
        return printing.claim_print(SYSTEM, AFTER, job_id, holder) is not None

    with ThreadPoolExecutor(8) as desks:
        got = list(desks.map(reach, "abcdefgh"))
    assert got.count(True) == 1


def test_a_claim_that_ran_out_is_taken_over_at_that_instant_and_not_before(centre: Built) -> None:
    job_id = sent(centre)
    assert printing.claim_print(SYSTEM, AFTER + LEASE - SECOND, job_id, "b") is None
    assert printing.print_work(SYSTEM, AFTER + LEASE - SECOND, "desk-1", "b") == ()
    assert printing.claim_print(SYSTEM, AFTER + LEASE, job_id, "b") is not None
    with pytest.raises(Conflict, match="Another desk"):
        note(job_id, PrintState.DONE)


def test_a_claim_that_was_let_go_is_free_at_once(centre: Built) -> None:
    job_id = sent(centre)
    printing.release_prints(SYSTEM, AFTER, "a")
    assert printing.claim_print(SYSTEM, AFTER, job_id, "b") is not None


def test_a_machine_sees_to_its_own_documents_alone(centre: Built) -> None:
    job_id = queued(centre)
    assert [job.id for job in printing.print_work(SYSTEM, AFTER, "desk-1", "a")] == [job_id]
    assert printing.print_work(SYSTEM, AFTER, "desk-2", "a") == ()


def test_each_try_in_vain_waits_longer_up_to_five_minutes(centre: Built) -> None:
    assert [printing.retry_delay(n).total_seconds() for n in (1, 2, 3, 8, 9, 400)] == [2, 4, 8, 256, 300, 300]
    job_id = queued(centre)
    printing.claim_print(SYSTEM, AFTER, job_id, "a")
    assert printing.print_work(SYSTEM, AFTER + 2 * SECOND - timedelta(microseconds=1), "desk-1", "a") == ()
    assert printing.claim_print(SYSTEM, AFTER + SECOND, job_id, "a") is None
    assert len(printing.print_work(SYSTEM, AFTER + 2 * SECOND, "desk-1", "a")) == 1


def test_the_printing_enters_the_history_once_the_paper_exists(centre: Built) -> None:
    job_id = sent(centre, night(centre))

    def papers() -> list[str]:
        return store.read(lambda: [row.medium for row in models.Printing.select()])

    assert papers() == []
    note(job_id, PrintState.DONE)
    assert papers() == ["printer"]
    with pytest.raises(Conflict):
        note(job_id, PrintState.DONE)
    assert papers() == ["printer"]


def test_a_finished_jobs_document_is_forgotten_once_it_is_removed(centre: Built) -> None:
    job_id = sent(centre)
    note(job_id, PrintState.DONE)
    assert [job.id for job in printing.print_work(SYSTEM, AFTER, "desk-1", "b")] == [job_id]
    printing.forget_document(SYSTEM, AFTER, job_id)
    assert printing.print_work(SYSTEM, AFTER, "desk-1", "b") == ()


# --- retry and cancel --------------------------------------------------------------------------------------


def test_a_failed_job_is_tried_again_from_the_start(centre: Built) -> None:
    job_id = sent(centre)
    note(job_id, PrintState.FAILED, "aborted")
    assert printing.print_work(SYSTEM, AFTER, "desk-1", "a") == ()
    printing.retry_print(centre.actors[LEADER], AFTER, job_id)
    job = row(job_id)
    assert (job.state, job.why, job.remote_job, job.attempts) == (PrintState.QUEUED, "", None, 0)


def test_a_job_the_printer_has_is_not_sent_again_by_a_retry(centre: Built) -> None:
    job_id = sent(centre)
    note(job_id, PrintState.SENT, "media_empty")
    printing.retry_print(centre.actors[LEADER], AFTER, job_id)
    assert (row(job_id).state, row(job_id).remote_job) == (PrintState.SENT, 7)


def test_a_job_that_ended_is_neither_retried_nor_canceled(centre: Built) -> None:
    job_id = sent(centre)
    note(job_id, PrintState.DONE)
    for change in (printing.retry_print, printing.cancel_print):
        with pytest.raises(Conflict, match="has ended"):
            change(centre.actors[LEADER], AFTER, job_id)


def test_a_job_nobody_has_touched_is_canceled_at_once(centre: Built) -> None:
    assert printing.cancel_print(centre.actors[LEADER], AFTER, queued(centre)) is PrintState.CANCELED


def test_a_job_in_somebodys_hands_is_canceled_by_them_before_its_document_is_sent(centre: Built) -> None:
    job_id = queued(centre)
    printing.claim_print(SYSTEM, AFTER, job_id, "a")
    assert printing.cancel_print(centre.actors[LEADER], AFTER, job_id) is PrintState.CANCELING
    assert note(job_id, PrintState.SENT, number=9) is PrintState.CANCELING
    assert row(job_id).remote_job == 9
    assert note(job_id, PrintState.CANCELED) is PrintState.CANCELED


def test_a_paper_that_came_out_before_the_cancel_was_heard_counts_as_printed(centre: Built) -> None:
    job_id = sent(centre)
    printing.cancel_print(centre.actors[LEADER], AFTER, job_id)
    assert note(job_id, PrintState.DONE) is PrintState.DONE


def test_a_job_that_does_not_exist_is_named(centre: Built) -> None:
    with pytest.raises(NotFound, match="no such print job"):
        printing.print_job(SYSTEM, AFTER, 99)


# --- due, and on the board ---------------------------------------------------------------------------------


def whole_day_sealed(built: Built) -> str:
    """Both shifts of the day: the night in earnest, the early one by the database's hand."""
    _handover, digest = sealed(built)
    log = models.ShiftLog
    night_content = store.read(lambda: log.get(log.digest == digest).sealed_content)
    store.write(
        lambda: (
            log.update(state="sealed", digest="cd" * 32, sealed_content=night_content)
            .where(log.date == TODAY, log.digest == "")
            .execute()
        )
    )
    return digest_of(built)


def test_a_day_with_an_open_shift_is_not_due(centre: Built) -> None:
    sealed(centre)
    assert printing.due_prints(SYSTEM, AFTER) == ()


def test_a_due_day_is_queued_once_whoever_asks(centre: Built) -> None:
    draft = replace(DRAFT, digest=whole_day_sealed(centre), automatic=True)
    assert printing.due_prints(SYSTEM, AFTER) == (TODAY,)
    job_id = printing.queue_print(SYSTEM, AFTER, draft)
    assert printing.due_prints(SYSTEM, AFTER) == ()
    with pytest.raises(Conflict, match="printed already"):
        printing.queue_print(SYSTEM, AFTER, draft)
    printing.cancel_print(SYSTEM, AFTER, job_id)
    assert printing.due_prints(SYSTEM, AFTER) == ()


def test_a_sealed_day_is_due_for_a_week_and_not_for_a_year(centre: Built) -> None:
    whole_day_sealed(centre)
    assert printing.due_prints(SYSTEM, NOW + timedelta(days=7)) == (TODAY,)
    assert printing.due_prints(SYSTEM, NOW + timedelta(days=8)) == ()


def test_a_paper_in_trouble_stands_on_the_board_of_those_who_print(centre: Built) -> None:
    job_id = sent(centre)
    leader, operator = centre.actors[LEADER], centre.actors[OPERATOR]
    assert today_board(leader, AFTER).papers == ()
    note(job_id, PrintState.SENT, "media_empty")
    assert [job.why for job in today_board(leader, AFTER).papers] == ["media_empty"]
    assert today_board(operator, AFTER).papers == ()
    note(job_id, PrintState.DONE)
    assert today_board(leader, AFTER).papers == ()
