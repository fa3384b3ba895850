"""``zhiban responsibility`` and ``zhiban assets``: asked, contested and decided by people with work numbers."""

from __future__ import annotations

import json

import pytest

from operations import handover, responsibility, shiftlog, store
from operations.boundary import SYSTEM
from operations.signin import sign_in
from tests.centre import NOW, PIN, TODAY
from tests.cli.busy import AT, Typed
from tests.cli.test_json_keys import documented, keys_of

MANAGER, LEADER, OPERATOR = ("--as", "2001"), ("--as", "1003"), ("--as", "1017")
NIGHT = (TODAY.isoformat(), "night")


@pytest.fixture
def sealed(typed: Typed) -> Typed:
    """The night's log is sealed early, with one carried item, a carried-over visitor, and nothing about the air."""
    store.open_database(f"sqlite:///{typed.home / 'centre.db'}")
    leader = sign_in("1003", PIN, NOW)
    shiftlog.open_item(leader, NOW, "3 号配线架告警")
    view = handover.handover_view(SYSTEM, NOW)
    assert view is not None
    for item in view.items:
        shiftlog.carry_item(leader, NOW, item.id, "等备件", "催维护")
    handover_id = handover.start_handover(leader, NOW, view.log.id)
    handover.check_all_in_order(leader, NOW, handover_id)
    handover.sign_out("1003", PIN, AT, handover_id)
    handover.sign_in_take_over("1103", PIN, AT, handover_id)
    return typed


def test_art25_a_question_is_asked_answered_contested_and_decided(sealed: Typed) -> None:
    asked = sealed(
        "responsibility", "ask", *NIGHT, "--problem", "又告警", "--words", "配线架", "--json", *LEADER
    )
    case = json.loads(asked.out)
    assert case["verdict"] == "incoming"
    assert "sealed:item-1" in [evidence["id"] for evidence in case["evidence"]]
    assert set(keys_of(case)) >= documented("responsibility show") - {
        f"objections[].{key}" for key in ("side", "person", "reason", "at")
    }
    number = str(case["id"])
    assert sealed("responsibility", "contest", number, "--reason", "接班时没说", *OPERATOR).code == 0
    refused = sealed("responsibility", "decide", number, "outgoing", "--reason", "x", *LEADER)
    assert refused.code == 1
    decided = sealed("responsibility", "decide", number, "outgoing", "--reason", "交班未讲明", *MANAGER)
    assert decided.out == "Decided: known but not handed over: the outgoing side.\n"
    shown = sealed("responsibility", "show", number).out
    assert "Art. 25: handed over but missed: the incoming side" in shown
    assert "Contested by the outgoing side, 陈静(1017) 22:50: 接班时没说" in shown
    assert "Decided by 周敏(2001) 22:50: known but not handed over: the outgoing side. 交班未讲明" in shown
    listed = json.loads(sealed("responsibility", "list", "--json").out)
    keys = set(keys_of(listed))
    holders = {"[].evidence", "[].objections"}
    assert keys - holders == documented("responsibility list")
    assert "decided" in sealed("responsibility", "list").out


def test_art25_what_cannot_be_asked_says_so(sealed: Typed) -> None:
    assert "No case" not in sealed("responsibility", "list").out
    assert sealed("responsibility", "list").out == "Nobody has asked who answers for a problem.\n"
    nowhere = sealed("responsibility", "ask", TODAY.isoformat(), "evening", "--problem", "x", *LEADER)
    assert nowhere.error.startswith(f"There is no log of {TODAY} evening. (Art. 25)")
    open_still = sealed(
        "responsibility", "ask", TODAY.isoformat(), "early", "--problem", "x", "--words", "y", *LEADER
    )
    assert "not sealed" in open_still.error
    assert sealed("responsibility", "show", "9").error == "There is no such case. (Art. 25)\n"
    assert not responsibility.responsibility_cases(SYSTEM, AT)


def test_art21_the_list_of_keys_is_kept_by_leaders(typed: Typed) -> None:
    assert typed("assets", "list").out.startswith("Nothing is on the list")
    assert typed("assets", "set", "档案柜钥匙", "--place", "1", *LEADER).code == 0
    assert typed("assets", "set", "手电", "--area", "machines", *OPERATOR).code == 1
    assert typed("assets", "set", "手电", "--area", "machines", *LEADER).code == 0
    rows = json.loads(typed("assets", "list", "--json").out)
    assert [(row["name"], row["area"]) for row in rows] == [("手电", "machines"), ("档案柜钥匙", "material")]
    assert typed("assets", "retire", "手电", *LEADER).out == "No handover looks at 手电 any more.\n"
    assert typed("assets", "retire", "手电", *LEADER).code == 1
    # What a new centre starts with was retired by the centre of these tests.
    assert len(json.loads(typed("assets", "list", "--all", "--json").out)) == 5
