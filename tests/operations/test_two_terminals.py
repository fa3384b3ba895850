"""Art. 21: two terminals at the same handover. The second is told, and nothing is overwritten."""

from __future__ import annotations

from collections.abc import Sequence

from operations import handover, verify
from operations.handover import HandoverView, Step
from regulation.handover import CheckValue
from tests.centre import PIN, Built
from tests.operations.acts import (
    HANDOVER_AT,
    LEADER,
    RELIEF_LEADER,
    audit_actions,
    checked,
    started_handover,
)
from tests.operations.processes import finished, started


def view(built: Built) -> HandoverView:
    found = handover.handover_view(built.actors[LEADER], HANDOVER_AT)
    assert found is not None
    return found


def at_once(built: Built, *terminals: Sequence[str]) -> list[str]:
    """Let terminals, a process each, read their screens, and act at the same moment; what each was told."""
    running = [started(verb, built.url, *words) for verb, *words in terminals]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("now\n")
        process.stdin.flush()
    return [finished(process) for process in running]


def test_art21_of_two_terminals_at_one_line_the_second_is_told_who_was_first(centre: Built) -> None:
    started_handover(centre)
    line = view(centre).lines[0]
    told = at_once(
        centre,
        ("check", LEADER, str(line.id), "in_order", str(line.version)),
        ("check", RELIEF_LEADER, str(line.id), "none", str(line.version)),
    )
    assert sorted(answer.partition(":")[0] for answer in told) == ["Conflict", "done"]
    now = view(centre).lines[0]
    first = (LEADER, CheckValue.IN_ORDER) if told[0] == "done" else (RELIEF_LEADER, CheckValue.NONE)
    assert (now.checked_by.partition("(")[2], now.value, now.version) == (f"{first[0]})", first[1], 1)
    refused = next(answer for answer in told if answer != "done")
    assert f"{now.checked_by} set this line to" in refused


def test_art21_a_signature_that_meets_a_change_is_refused_or_comes_first(centre: Built) -> None:
    handover_id = started_handover(centre)
    checked(centre)
    seen, line = view(centre).version, view(centre).lines[0]
    signed, changed = at_once(
        centre,
        ("sign_out", LEADER, str(handover_id), seen),
        ("check", RELIEF_LEADER, str(line.id), "none", str(line.version)),
    )
    assert sorted([signed.partition(":")[0], changed.partition(":")[0]]) == ["Conflict", "done"]
    after = view(centre)
    if signed == "done":
        assert (after.step, after.lines[0].value) == (Step.SIGN_IN, CheckValue.IN_ORDER)
    else:
        assert "has changed since you looked" in signed
        assert (after.step, after.lines[0].value) == (Step.SIGN_OUT, CheckValue.NONE)


def test_art21_of_two_terminals_that_seal_one_does_and_the_other_is_told(centre: Built) -> None:
    handover_id = started_handover(centre)
    checked(centre)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    seen = view(centre).version
    words = (RELIEF_LEADER, str(handover_id), seen)
    told = at_once(centre, ("take_over", *words), ("take_over", *words))
    assert sorted(answer.partition(":")[0] for answer in told) == ["Conflict", "done"]
    assert audit_actions().count("sign_in_take_over") == 1
    assert verify.verify(centre.actors[LEADER], HANDOVER_AT).holds


def test_art21_of_two_terminals_that_start_one_does_and_the_other_is_told_who(centre: Built) -> None:
    log_id = str(view(centre).log.id)
    told = at_once(centre, ("start", LEADER, log_id), ("start", RELIEF_LEADER, log_id))
    refused = next(answer for answer in told if answer != "done")
    assert "has already begun: " in refused
    assert view(centre).started_by in refused
    assert len(view(centre).lines) == 4
