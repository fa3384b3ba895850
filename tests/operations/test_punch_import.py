"""Punches from a file: looked at line by line, then evidence once and for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

import models
from operations import store
from operations.boundary import SYSTEM
from operations.errors import Invalid, NotFound
from operations.punch_file import ATTLOG, PunchFormat
from operations.punch_import import (
    PunchFileRefused,
    PunchImportPlan,
    import_punches,
    punch_import_plan,
)
from operations.punch_mappings import keep_punch_mapping, punch_file, punch_mappings, remove_punch_mapping
from operations.punches import punches_of
from operations.verify import verify
from regulation.attendance_evidence import Pass
from regulation.duty_verdicts import DutyVerdict, UnknownReason
from regulation.records import Direction
from tests.centre import NOW, SHIFT_STARTS, Built
from tests.operations.acts import Door, audit_actions, row_counts
from tests.operations.attending import AFTERWARDS, TEAM_A, heard, judged, verdicts

MANAGER, OPERATOR, LEADER = "2001", "1017", "1003"
FILE = (
    "work_number,at,direction\n"
    "1017,2026-11-23 21:45:12,in\n"
    "01021,2026-11-23 21:51:00,in\n"
    "1017,2026-11-23 22:20:00,auto\n"
)


def plan(built: Built, text: str = FILE, mapping: str = "", who: str = MANAGER) -> PunchImportPlan:
    actor = built.actors[who]
    return punch_import_plan(actor, NOW, punch_file(actor, NOW, text.encode(), mapping))


def take(
    built: Built, text: str = FILE, mapping: str = "", *, skip_errors: bool = False, now: datetime = NOW
) -> PunchImportPlan:
    actor = built.actors[MANAGER]
    read = punch_file(actor, now, text.encode(), mapping)
    return import_punches(actor, now, read, "十一月.csv", skip_errors=skip_errors)


def passes(built: Built, *numbers: str) -> dict[int, list[Pass]]:
    people = [built.ids[number] for number in numbers]
    return store.read(lambda: punches_of(people, SHIFT_STARTS - timedelta(hours=2), NOW))


def test_a_file_becomes_passes_of_the_people_it_names(centre: Built) -> None:
    done = take(centre)
    assert [(p.line, p.work_number) for p in done.punches] == [(2, "1017"), (3, "1021"), (4, "1017")]
    assert (done.unchanged, done.problems, done.undirected) == (0, (), 1)
    found = passes(centre, OPERATOR, "1021", "1022")
    own = found[centre.ids[OPERATOR]]
    assert [(p.at - SHIFT_STARTS, p.direction) for p in own] == [
        (timedelta(minutes=-15, seconds=12), Direction.IN),
        (timedelta(minutes=20), Direction.NONE),
    ]
    assert [p.id.partition(":")[0] for p in own] == ["punch", "punch"]
    assert [len(found.get(centre.ids[n], [])) for n in ("1021", "1022")] == [1, 0]


def test_art33_punches_make_a_verdict_and_a_file_that_comes_late_settles_what_was_absence(
    centre: Built,
) -> None:
    kiosk = Door()
    kiosk.reads("deadbeef", SHIFT_STARTS - timedelta(hours=4))
    kiosk.sends(AFTERWARDS)
    heard(kiosk, AFTERWARDS)
    assert {verdicts()[number] for number in TEAM_A} == {DutyVerdict.ABSENT}
    lines = (
        "1017,2026-11-23 21:45,in\n1017,2026-11-24 06:00,out\n"
        "1021,2026-11-23 22:12,in\n1021,2026-11-24 06:00,out\n"
        "1022,2026-11-23 21:45,auto\n1022,2026-11-24 06:00,auto\n"
    )
    take(centre, "work_number,at,direction\n" + lines, now=AFTERWARDS)
    found = {number: one.judgement for number, one in judged().items() if number in TEAM_A}
    assert {number: said.verdict for number, said in found.items()} == {
        "1003": DutyVerdict.ABSENT,
        "1017": DutyVerdict.PRESENT,
        "1021": DutyVerdict.LATE,
        "1022": DutyVerdict.UNKNOWN,
    }
    assert found["1021"].minutes_late == 12
    assert found["1022"].unknown == (UnknownReason.NO_DIRECTION,)
    assert [proof.partition(":")[0] for proof in found["1017"].evidence] == ["duty", "punch", "punch"]


def test_the_same_file_twice_or_a_longer_one_brings_only_what_is_new(centre: Built) -> None:
    take(centre)
    before = row_counts()
    again = take(centre)
    assert (again.punches, again.unchanged) == ((), 3)
    assert row_counts() == before
    longer = take(centre, FILE + "1017,2026-11-23 21:45:12,in\n1017,2026-11-23 21:45:12,out\n")
    assert [(p.line, p.direction) for p in longer.punches] == [(6, Direction.OUT)]
    assert longer.unchanged == 4
    assert audit_actions().count("write_imported_punches") == 2


def test_another_source_that_saw_the_same_is_another_witness(sqlite_centre: Built) -> None:
    take(sqlite_centre)
    keep_punch_mapping(sqlite_centre.actors[MANAGER], NOW, "back_door", PunchFormat())
    assert len(take(sqlite_centre, mapping="back_door").punches) == 3


def test_looking_changes_nothing(sqlite_centre: Built) -> None:
    before = row_counts()
    assert len(plan(sqlite_centre).punches) == 3
    assert row_counts() == before


def test_nothing_is_written_while_a_line_is_wrong_and_the_rest_is_when_mistakes_are_left_out(
    centre: Built,
) -> None:
    text = FILE + (
        "9999,2026-11-23 21:45,in\n"
        "4001,2026-11-23 21:45,in\n"
        "1017,yesterday,in\n"
        "1022,2026-11-23 22:30:00,in\n"
        "1022,2026-11-23 22:30:01,in\n"
    )
    with pytest.raises(PunchFileRefused) as refused:
        take(centre, text)
    assert [(p.line, p.text.split(".")[0]) for p in refused.value.problems] == [
        (5, "Nobody has the work number 9999"),
        (6, "张伟 does not belong to the centre"),
        (7, "“yesterday” is not a time written like 2026-11-23 21:50:07"),
        # NOW is 22:30 on the dot: a second later lies ahead.
        (9, "The time lies ahead: the machine's clock is wrong, or its zone"),
    ]
    assert not store.read(lambda: models.Punch.select().exists())
    done = take(centre, text, skip_errors=True)
    assert [p.line for p in done.punches] == [2, 3, 4, 8]
    assert len(done.problems) == 4


def test_a_number_that_fits_several_people_is_nobodys(sqlite_centre: Built) -> None:
    def twin() -> None:
        models.Person.create(work_number="0017", name="甲", role="operator")
        models.Person.create(work_number="017", name="乙", role="operator")

    store.write(twin)
    head = "work_number,at,direction\n"
    (problem,) = plan(sqlite_centre, head + "17,2026-11-23 21:45,in\n").problems
    assert "0017、017" in problem.text
    assert plan(sqlite_centre, head + "0017,2026-11-23 21:45,in\n").problems == ()


def test_the_audit_record_holds_what_was_brought_and_by_whom(sqlite_centre: Built) -> None:
    take(sqlite_centre)
    record = store.read(lambda: models.AuditRecord.get(models.AuditRecord.action == "write_imported_punches"))
    brought = store.read(models.PunchImport.get)
    assert record.actor == MANAGER
    assert record.detail == {
        "file": "十一月.csv",
        "source": "csv",
        "count": 3,
        "left_out": 0,
        "digest": brought.digest,
    }


def test_art33_a_punch_that_was_changed_removed_or_slipped_in_shows_when_the_records_are_checked(
    centre: Built,
) -> None:
    take(centre)
    assert verify(SYSTEM, NOW).holds
    punch, undone = models.Punch, NOW - timedelta(minutes=3)
    for tamper in (
        lambda: punch.update(at=undone).where(punch.person == centre.ids["1021"]).execute(),
        lambda: punch.delete().where(punch.at == undone).execute(),
        lambda: punch.create(
            source="csv", person=centre.ids["1022"], at=undone, direction="in", brought_by=1
        ),
        lambda: punch.delete().execute(),
    ):
        store.write(tamper)
        assert [found.chain for found in verify(SYSTEM, NOW).breaks] == ["punches:1"]


def test_a_machine_of_a_thousand_punches_is_taken_over_in_one_go(centre: Built) -> None:
    lines = [
        f"{number}\t{NOW - timedelta(minutes=n):%Y-%m-%d %H:%M:%S}\t1\t{n % 2}\t1\t0\n"
        for n in range(500)
        for number in ("1017", "1021")
    ]
    done = take(centre, "".join(lines))
    assert (done.source, len(done.punches), done.problems) == (ATTLOG, 1000, ())


# --- mappings -----------------------------------------------------------------------------------------------


def test_a_mapping_is_kept_changed_and_taken_off_again(centre: Built) -> None:
    actor = centre.actors[MANAGER]
    east = replace(PunchFormat(), number="编号", otherwise="in", zone="Europe/Berlin")
    keep_punch_mapping(actor, NOW, "east", replace(east, number="号"))
    keep_punch_mapping(actor, NOW, "east", east)
    assert [(row.name, row.own) for row in punch_mappings(actor, NOW)] == [
        ("attlog", False),
        ("csv", False),
        ("east", True),
    ]
    (punch,) = plan(centre, "编号,at,direction\n1017,2026-11-23 08:00,\n", "east").punches
    assert (punch.direction, punch.at.hour) == (Direction.IN, 7)
    remove_punch_mapping(actor, NOW, "east")
    with pytest.raises(NotFound, match="there are: attlog、csv"):
        plan(centre, FILE, "east")


def test_a_changed_built_in_mapping_comes_back_when_the_change_is_taken_off(sqlite_centre: Built) -> None:
    actor, line = sqlite_centre.actors[MANAGER], "1017\t2026-11-23 08:00:00\t1\t255\n"
    keep_punch_mapping(actor, NOW, ATTLOG, replace(punch_mappings(actor, NOW)[0].form, otherwise="out"))
    assert plan(sqlite_centre, line).punches[0].direction is Direction.OUT
    remove_punch_mapping(actor, NOW, ATTLOG)
    assert plan(sqlite_centre, line).punches[0].direction is Direction.NONE
    with pytest.raises(NotFound):
        remove_punch_mapping(actor, NOW, ATTLOG)


@pytest.mark.parametrize(
    ("name", "form", "says"),
    [
        ("Ost Tor", PunchFormat(), "cannot be the name"),
        ("east", replace(PunchFormat(), zone="Asia/Nowhere"), "not a time zone"),
        ("east", replace(PunchFormat(), zone="../../etc/passwd"), "not a time zone"),
        ("east", replace(PunchFormat(), at_format="%Y"), "must hold year"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(
    sqlite_centre: Built, name: str, form: PunchFormat, says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        keep_punch_mapping(sqlite_centre.actors[MANAGER], NOW, name, form)
