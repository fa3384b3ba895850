"""Art. 25, 33: what is added after the sealing is signed, marked and chained; the sealed text never changes."""

from __future__ import annotations

import pytest

import models
from operations import addenda, daily_log, handover, search, store, stories, verify
from operations.daily_sections import sealed_section
from operations.errors import Conflict, Invalid, NotFound, NotPermitted, SignInRefused
from operations.search import LogQuery
from regulation.daily_log import content_digest
from tests.centre import NOW, PIN, SHIFT_ENDS, TODAY, Built
from tests.operations.acts import LEADER, MANAGER, MINUTE, OPERATOR, audit_actions, sealed

LATER = SHIFT_ENDS + MINUTE


@pytest.fixture
def log_id(centre: Built) -> int:
    """A sealed log with two addenda."""
    handover_id, _digest = sealed(centre)
    log = int(store.read(lambda: models.Handover.get_by_id(handover_id).outgoing_id))
    addenda.add_addendum(LEADER, PIN, LATER, log, "补记:03:10 曾重启话务台")
    addenda.add_addendum(MANAGER, PIN, LATER + MINUTE, log, "已核实")
    return log


def test_art25_an_addendum_is_shown_and_printed_and_the_digest_stays(centre: Built, log_id: int) -> None:
    log = store.read(lambda: models.ShiftLog.get_by_id(log_id))
    section = store.read(lambda: sealed_section(log))
    assert [(a.author.work_number, a.at, a.text) for a in section.addenda] == [
        (LEADER, LATER, "补记:03:10 曾重启话务台"),
        (MANAGER, LATER + MINUTE, "已核实"),
    ]
    assert content_digest(section) == log.digest
    view = handover.handover_view(centre.actors[LEADER], LATER, log_id)
    assert view is not None
    assert [(a.sequence, a.author) for a in view.addenda] == [(1, "王建国"), (2, "周敏")]
    assert daily_log.daily_log(centre.actors[LEADER], LATER, TODAY).shifts[1] == section
    assert audit_actions()[-1] == "add_addendum"
    report = verify.verify(centre.actors[LEADER], LATER, section.addenda[1].hash[:12])
    assert (report.holds, report.met) == (True, f"addenda:{TODAY} night 2")


def test_an_addendum_is_found_by_its_words_also_after_the_index_was_built_anew(
    centre: Built, log_id: int
) -> None:
    leader = centre.actors[LEADER]

    def found() -> list[tuple[str, int]]:
        return [(h.subject, h.log_id) for h in search.search_log(leader, LATER, LogQuery("话务台")).hits]

    assert found() == [("addendum", log_id)]
    search.rebuild_search(leader, LATER)
    assert found() == [("addendum", log_id)]
    hit = search.search_log(leader, LATER, LogQuery("话务台")).hits[0]
    assert [a.sequence for a in stories.story(leader, LATER, hit.subject, hit.subject_id).addenda] == [1, 2]


@pytest.mark.parametrize("damage", ["text", "at", "author", "swap", "first_gone", "last_gone", "log"])
def test_art33_whatever_is_done_to_an_addendum_shows(centre: Built, log_id: int, damage: str) -> None:
    row = models.Addendum

    def harm() -> None:
        first, last = row.select().order_by(row.sequence)
        if damage == "text":
            row.update(text="没有重启").where(row.id == first.id).execute()
        elif damage == "at":
            row.update(at=NOW).where(row.id == last.id).execute()
        elif damage == "author":
            row.update(author=centre.ids[OPERATOR]).where(row.id == last.id).execute()
        elif damage == "swap":
            row.update(sequence=9).where(row.id == first.id).execute()
            row.update(sequence=1).where(row.id == last.id).execute()
            row.update(sequence=2).where(row.id == first.id).execute()
        elif damage == "first_gone":
            row.delete().where(row.id == first.id).execute()
        elif damage == "last_gone":
            row.delete().where(row.id == last.id).execute()
        else:
            row.update(log=log_id + 1).execute()

    assert verify.verify(centre.actors[LEADER], LATER).holds
    store.write(harm)
    assert not verify.verify(centre.actors[LEADER], LATER).holds


def test_art33_an_addendum_written_past_the_program_shows(centre: Built, log_id: int) -> None:
    from regulation.ledger import chain_hash

    def forge() -> None:
        last = models.Addendum.select().order_by(models.Addendum.sequence.desc()).first()
        fields = {"log": log_id, "sequence": 3, "at": LATER, "author": centre.ids[LEADER], "text": "假"}
        models.Addendum.create(**fields, previous=last.hash, hash=chain_hash(last.hash, fields))

    store.write(forge)
    assert not verify.verify(centre.actors[LEADER], LATER).holds


def test_art25_only_a_sealed_log_takes_addenda_and_only_with_ones_own_credential(
    centre: Built, log_id: int
) -> None:
    with pytest.raises(SignInRefused):
        addenda.add_addendum(LEADER, "0000", LATER, log_id, "x")
    with pytest.raises(NotPermitted):
        addenda.add_addendum(OPERATOR, PIN, LATER, log_id, "x")
    with pytest.raises(Invalid):
        addenda.add_addendum(LEADER, PIN, LATER, log_id, " ")
    with pytest.raises(NotFound):
        addenda.add_addendum(LEADER, PIN, LATER, 999, "x")
    following = handover.handover_view(centre.actors[LEADER], LATER)
    assert following is not None
    with pytest.raises(Conflict, match="Only a sealed log"):
        addenda.add_addendum(LEADER, PIN, LATER, following.log.id, "x")
