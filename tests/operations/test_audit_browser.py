"""Art. 31, 33: who did what and who read it, page by page; an administrator sees only what is theirs to see."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

import models
import operations
from operations import audit_browser, people, shiftlog, signin, store
from operations.audit_browser import AuditFilter, AuditPage, audit_records
from operations.boundary import SYSTEM, Actor, Session, write_audit
from operations.deed_words import DEEDS
from operations.errors import NotPermitted, SignInRefused
from operations.permissions import Action
from regulation.records import PersonStatus
from tests.centre import NOW, PIN, Built
from tests.operations.acts import ADMIN, LEADER, MANAGER, MINUTE, OPERATOR, entry


def looked_up(built: Built, by: str = MANAGER, **wanted: Any) -> AuditPage:
    return audit_records(built.actors[by], NOW, AuditFilter(**wanted))


def read(actor: Actor, subject: str, action: str = "ask_to_read", **detail: Any) -> None:
    """Someone reads what is confidential, as such an operation records it."""

    def run() -> None:
        session = Session(actor, NOW)
        session.about(subject, **detail)
        write_audit(session, action)

    store.write(run)


def test_pages_follow_one_another_without_a_gap_or_a_repeat_whatever_comes_in(centre: Built) -> None:
    for number in range(12):
        entry(centre, f"记录 {number}", NOW + number // 3 * MINUTE)
    seen, before = [], None
    while True:
        page = audit_records(centre.actors[MANAGER], NOW, AuditFilter(actor=LEADER), before, 5)
        seen += [row.sequence for row in page.rows]
        entry(centre, "又来一条", NOW + timedelta(hours=1))
        if page.more_before is None:
            break
        before = page.more_before
    assert len(seen) == 12
    assert seen == sorted(set(seen), reverse=True)


def test_a_filter_holds_by_actor_action_subject_and_time(centre: Built) -> None:
    first, second = entry(centre, "一"), entry(centre, "二", NOW + MINUTE)
    (row,) = looked_up(centre, actor=LEADER, action="write_entry", subject=f"entry:{first}").rows
    assert (row.name, row.detail["kind"], row.refused) == ("王建国", "notice", False)
    assert {r.subject for r in looked_up(centre, subject="entry:").rows} == {
        f"entry:{first}",
        f"entry:{second}",
    }
    assert [r.subject for r in looked_up(centre, subject="entry:", since=NOW + MINUTE).rows] == [
        f"entry:{second}"
    ]
    assert [r.subject for r in looked_up(centre, subject="entry:", until=NOW + MINUTE).rows] == [
        f"entry:{first}"
    ]


def test_art02_refusals_alone(centre: Built) -> None:
    with pytest.raises(NotPermitted):
        shiftlog.write_entry(centre.actors[OPERATOR], NOW, shiftlog.EntryDraft("notice", "x", NOW))
    with pytest.raises(SignInRefused):
        signin.sign_in(OPERATOR, "0000", NOW)
    with pytest.raises(SignInRefused):
        signin.sign_in("9999", "0000", NOW)
    rows = looked_up(centre, refused=True).rows
    assert [(row.action, row.actor, row.refused) for row in rows] == [
        ("sign_in_refused", "", True),
        ("sign_in_refused", OPERATOR, True),
        ("refused", OPERATOR, True),
    ]


def test_art31_who_read_something_is_answered_with_when(centre: Built) -> None:
    read(centre.actors[LEADER], "entry:7")
    read(centre.actors[MANAGER], "entry:7")
    read(centre.actors[LEADER], "entry:70")
    read(centre.actors[OPERATOR], "entry:7", refused=True)
    entry(centre, "不是阅读")
    rows = looked_up(centre, subject="entry:7", readings=True).rows
    assert [(row.actor, row.at, row.refused) for row in rows] == [
        (OPERATOR, NOW, True),
        (MANAGER, NOW, False),
        (LEADER, NOW, False),
    ]
    assert {row.subject for row in looked_up(centre, readings=True).rows} == {"entry:7", "entry:70"}
    assert [row.actor for row in looked_up(centre, refused=True).rows] == [OPERATOR]


def test_art31_an_administrator_sees_sign_ins_and_people_and_nothing_of_the_business(centre: Built) -> None:
    entry(centre, "用户投诉")
    read(centre.actors[LEADER], "entry:7")
    people.set_person_status(SYSTEM, NOW, OPERATOR, PersonStatus.SUSPENDED)
    signin.sign_in(LEADER, PIN, NOW)
    actions = {row.action for row in looked_up(centre, ADMIN).rows}
    assert {"set_person_status", "sign_in"} <= actions <= audit_browser.SECURITY_ACTIONS
    assert looked_up(centre, ADMIN, action="write_entry").rows == ()
    assert looked_up(centre, ADMIN, subject="entry:").rows == ()
    assert looked_up(centre, ADMIN, readings=True).rows == ()


def test_art02_operators_and_shift_leaders_do_not_read_the_audit(sqlite_centre: Built) -> None:
    for number in (OPERATOR, LEADER):
        with pytest.raises(NotPermitted):
            looked_up(sqlite_centre, number)


def test_a_hostile_filter_finds_nothing_and_harms_nothing(centre: Built) -> None:
    before = store.read(lambda: models.AuditRecord.select().count())
    for hostile in ("' OR 1=1 --", "entry:%:", "_:", "'; DROP TABLE audit_record; --"):
        assert looked_up(centre, actor=hostile).rows == ()
        assert looked_up(centre, subject=hostile).rows == ()
    assert store.read(lambda: models.AuditRecord.select().count()) == before


def test_art33_every_operation_is_told_in_words() -> None:
    """A new operation that writes is missed here until it has its words."""
    changes = {name for name, known in _operations() if "change" in known}
    assert changes <= set(DEEDS)


def test_art02_what_an_administrator_keeps_is_what_they_may_read_of() -> None:
    """A new operation on people or badges is an administrator's to look up, and is missed here until it is named."""
    keeping = {Action.KEEP_PEOPLE, Action.KEEP_KEYS, Action.KEEP_BACKUPS, Action.FORGET_VISITORS}
    kept = {name for name, known in _operations() if "change" in known and known.get("action") in keeping}
    assert kept <= audit_browser.SECURITY_ACTIONS


def _operations() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every public operation by name, with what its wrapper closes over."""
    for module_info in pkgutil.iter_modules(operations.__path__):
        module = importlib.import_module(f"operations.{module_info.name}")
        for name, member in inspect.getmembers(module, inspect.isfunction):
            if member.__module__ == module.__name__ and hasattr(member, "__wrapped__"):
                yield name, inspect.getclosurevars(member).nonlocals


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (AuditFilter(actor="1003"), "auditrecord_actor_at"),
        (AuditFilter(action="sign_in"), "auditrecord_action_at"),
        (AuditFilter(subject="entry:7"), "auditrecord_subject_at"),
        (AuditFilter(), "auditrecord_at"),
    ],
)
def test_a_page_is_read_along_an_index_and_not_through_everything(
    sqlite_centre: Built, wanted: AuditFilter, index: str
) -> None:
    record = models.AuditRecord

    def plan() -> str:
        query = record.select().where(True, *audit_browser._clauses(wanted, reads_all=True))
        sql, values = query.order_by(record.at.desc(), record.sequence.desc()).limit(101).sql()
        rows = models.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
        return "\n".join(str(row[3]) for row in rows)

    found = store.read(plan).replace("audit_record", "auditrecord")
    assert index in found, found
