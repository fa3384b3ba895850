"""Visits approved at the door: durable, never given twice, and the centre's own as soon as it has them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.slips import Slip, SlipStore, with_local_visits
from regulation.access import DoorKnowledge, decide_entry
from regulation.occupancy import Occupancy
from regulation.records import Snapshot, VisitRecord, VisitState
from tests.kiosk.scene import ENDS, IDLE_VISITOR_BADGE, NOW, SNAPSHOT, STARTS

OFFERED = replace(SNAPSHOT, slips=(71, 72))


def slip(number: int = 71) -> Slip:
    return Slip(
        number, "k1", "李伟", "华信公司", "", "13800000000", "cleaning", "", "", "1017", 17,
        IDLE_VISITOR_BADGE, "V-03", STARTS, ENDS, 3, NOW,
    )  # fmt: skip


def told(snapshot: Snapshot, **visit: object) -> Snapshot:
    """The centre's word on visit 71."""
    record = VisitRecord(
        71,
        VisitState.APPROVED,
        STARTS,
        ENDS,
        "cleaning",
        "李伟",
        badge=IDLE_VISITOR_BADGE,
        badge_label="V-03",
    )
    return replace(snapshot, slips=(72,), visits=(*snapshot.visits, replace(record, **visit)))  # type: ignore[arg-type]


def test_a_slip_is_there_after_a_restart_private_to_its_owner(tmp_path: Path) -> None:
    SlipStore(tmp_path).add(slip())
    again = SlipStore(tmp_path)
    assert again.unsent() == (slip(),)
    assert again.free(OFFERED) == (72,)
    assert (tmp_path / "slips.json").stat().st_mode & 0o077 == 0
    assert "李伟" not in repr(slip())


def test_a_number_whose_writing_failed_is_not_used_again(tmp_path: Path) -> None:
    folder = tmp_path / "kiosk"
    folder.mkdir()
    store = SlipStore(folder)
    folder.rmdir()
    with pytest.raises(OSError, match="No such file"):
        store.add(slip())
    assert store.free(OFFERED) == (72,)
    assert store.visits(OFFERED) == ()


def test_a_damaged_store_fills_in_nothing_and_keeps_the_file(tmp_path: Path) -> None:
    (tmp_path / "slips.json").write_bytes(b"[{")
    store = SlipStore(tmp_path)
    assert store.free(OFFERED) == ()
    assert store.fault == "damaged"
    with pytest.raises(OSError, match="damaged"):
        store.add(slip())
    assert (tmp_path / "slips.json").read_bytes() == b"[{"


def test_what_the_centre_has_is_forgotten_only_when_the_kept_snapshot_no_longer_offers_it(
    tmp_path: Path,
) -> None:
    store = SlipStore(tmp_path)
    store.add(slip())
    store.sent(71)
    assert store.unsent() == ()
    assert not store.settle(OFFERED), "a restart with this snapshot would give 71 out again"
    assert store.settle(told(OFFERED))
    assert SlipStore(tmp_path).visits(OFFERED) == ()


def test_the_door_knows_its_own_visit_until_the_centre_answers_for_it(tmp_path: Path) -> None:
    store = SlipStore(tmp_path)
    store.add(slip())
    alone = with_local_visits(DoorKnowledge.of(OFFERED), store.visits(OFFERED))
    assert decide_entry(alone, Occupancy(), IDLE_VISITOR_BADGE, NOW).code == "pending.escort"
    later = told(OFFERED)
    both = with_local_visits(DoorKnowledge.of(later), store.visits(later))
    assert len(both.visits[IDLE_VISITOR_BADGE]) == 1
    store.sent(71)
    ended = replace(OFFERED, slips=(72,))  # the desk has ended it
    known = with_local_visits(DoorKnowledge.of(ended), store.visits(ended))
    assert decide_entry(known, Occupancy(), IDLE_VISITOR_BADGE, NOW).code == "refused.no_visit"


def test_a_visit_the_centre_has_only_heard_of_by_an_event_is_still_the_doors_to_know(tmp_path: Path) -> None:
    store = SlipStore(tmp_path)
    store.add(slip())
    heard = told(OFFERED, badge=None, visitor="—")
    known = with_local_visits(DoorKnowledge.of(heard), store.visits(heard))
    assert decide_entry(known, Occupancy(), IDLE_VISITOR_BADGE, NOW).code == "pending.escort"
    assert known.visits_by_id[71].visitor == "李伟"


def test_a_refusal_of_the_centre_is_news_once(tmp_path: Path) -> None:
    store = SlipStore(tmp_path)
    store.add(slip())
    assert store.refused(71)
    assert not store.refused(71)
    assert store.fault == "refused"
    store.sent(71)
    assert store.fault == "ok"
