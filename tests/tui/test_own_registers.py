"""A register of the centre's own is drawn up, tried, kept, changed and put away on the screen; nothing else is needed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from operations import register_keeping, register_views, registers, watch
from operations.boundary import SYSTEM
from operations.own_registers import OwnRegister, own_register
from operations.register_file import read_definition
from tests.centre import NOW
from tests.operations.test_registers import OWN
from tests.tui.desk import Desk, open_desk
from tests.tui.test_registers import LEADER, MANAGER, OPERATOR, on_record, open_registers
from tui.screens.article_findings import ArticleFindingsDialog
from tui.screens.draw_register import DrawRegisterDialog, RegisterPreviewDialog
from tui.screens.own_registers import OwnRegistersDialog
from tui.screens.record_dialog import RecordDialog
from tui.screens.register_form import RegisterFormDialog
from tui.screens.registers import RegistersScreen

READ_BY_MANAGER = OWN.replace('readers = ["', 'readers = ["deputy_manager", "')


def own(desk: Desk, key: str = "own1") -> OwnRegister:
    return own_register(desk.built.actors[MANAGER], NOW, key)


async def test_a_register_is_drawn_up_tried_and_kept_on_a_small_screen_and_a_record_written(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await open_registers(desk, MANAGER)
        await desk.press("o")
        await desk.until(lambda: "There is none yet" in desk.text())
        await desk.press("n")
        await desk.type("借用登记")
        await desk.press("enter", "enter")
        await desk.type("99")
        await desk.press("ctrl+s")
        await desk.until(lambda: "Articles it serves: There is no article “99”" in desk.text())
        assert desk.app.focused is desk.app.screen.query_one("#in-articles")
        await desk.press("backspace", "backspace")
        await desk.type("19")
        await desk.press("enter", "right", "enter")
        await desk.type("3")
        await desk.press("ctrl+s")
        await desk.until(lambda: "taken up within 3 d" in desk.text() and "No field yet" in desk.text())
        await desk.press("ctrl+s")
        await desk.until(lambda: "Fields: A register needs a field" in desk.text())
        await desk.press("a")
        await desk.type("物品[b]")
        await desk.press("enter", "enter", "right", "ctrl+s")
        await desk.until(lambda: isinstance(desk.app.screen, DrawRegisterDialog) and "物品[b]" in desk.text())
        await desk.press("ctrl+s")
        await desk.until(
            lambda: isinstance(desk.app.screen, RegisterPreviewDialog) and "物品[b] *" in desk.text()
        )
        await desk.type("试")
        await desk.press("enter", "enter")
        assert isinstance(desk.app.screen, RegisterPreviewDialog)
        await desk.press("ctrl+s")
        await desk.until(lambda: isinstance(desk.app.screen, OwnRegistersDialog) and "in use" in desk.text())
        register = own(desk).register
        assert (register.title, register.articles, register.states[0].due_days) == ("借用登记", (19,), 3)
        await desk.press("x")
        await desk.until(lambda: "Written to" in desk.text())
        (file,) = desk.app.home.paper_folder.glob("zhiban-register-own1.toml")
        assert read_definition(file.read_bytes()) == own(desk).body
        await desk.press("escape")
        await desk.until(lambda: "Nothing is on record yet." in desk.text() and "借用登记" in desk.text())
        await desk.press("n")
        await desk.type("耳机")
        await desk.press("ctrl+s")
        await desk.until(lambda: [row.values["f1"] for row in on_record(desk, "own1", MANAGER)] == ["耳机"])


async def test_a_change_says_what_it_means_and_keeps_what_records_hold(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        manager = desk.built.actors[MANAGER]
        register_keeping.define_register(manager, NOW, read_definition(READ_BY_MANAGER.encode()))
        registers.open_record(desk.built.actors[LEADER], NOW, "lent", {"thing": "备用耳机"})
        await open_registers(desk, MANAGER, "lent")
        await desk.press("o")
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, DrawRegisterDialog) and "物品" in desk.text())
        await desk.press("enter")
        await desk.until(lambda: "its kind stays" in desk.text())
        assert not desk.app.screen.query("#in-kind")
        await desk.type("借出物")
        await desk.press("ctrl+s")
        await desk.until(lambda: "借出物" in desk.text())
        await desk.press("down", "d", "a")
        await desk.type("数量")
        await desk.press("ctrl+s")
        await desk.until(lambda: "数量" in desk.text())
        await desk.press("ctrl+s")
        await desk.until(lambda: "Asked no more: “借用人”; old records still show it." in desk.text())
        assert "1 records are there and stay as they were written." in desk.text()
        await desk.press("ctrl+s")
        await desk.until(lambda: isinstance(desk.app.screen, OwnRegistersDialog))
        assert [known.key for known in own(desk, "lent").register.fields] == ["thing", "f1"]
        await desk.press("escape")
        await desk.until(lambda: "数量" in desk.text() and "备用耳机" in desk.text())


async def test_a_register_is_put_away_once_nothing_waits_and_its_records_stay(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        manager, leader = (desk.built.actors[number] for number in (MANAGER, LEADER))
        register_keeping.define_register(manager, NOW, read_definition(READ_BY_MANAGER.encode()))
        record = registers.open_record(leader, NOW, "lent", {"thing": "备用耳机"})
        await open_registers(desk, MANAGER, "lent")
        await desk.press("o")
        await desk.press("r", "y")
        await desk.until(lambda: "1 records of this register still wait" in desk.text())
        registers.take_step(leader, NOW, record, "return")
        await desk.press("r", "y")
        await desk.until(lambda: "no longer in use" in desk.text())
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, RegistersScreen) and "备用耳机" in desk.text())
        assert own(desk, "lent").retired
        assert [row.number for row in register_views.records(leader, NOW, "lent").rows] == [1]


async def test_what_is_drawn_and_not_kept_is_left_only_once_that_was_meant(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_registers(desk, MANAGER)
        await desk.press("o", "n")
        await desk.type("借")
        await desk.press("ctrl+s")
        await desk.until(lambda: "No field yet" in desk.text())
        await desk.press("escape", "escape")
        await desk.until(lambda: isinstance(desk.app.screen, DrawRegisterDialog))
        await desk.press("escape", "y")
        await desk.until(lambda: isinstance(desk.app.screen, OwnRegistersDialog))


async def test_whoever_sets_no_rules_draws_up_no_register(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_registers(desk, OPERATOR)
        await desk.press("o")
        assert isinstance(desk.app.screen, RegistersScreen)
        assert "own registers" not in desk.text()


async def test_a_house_rule_that_was_not_kept_leads_from_today_to_its_record(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        body = read_definition(OWN.replace("articles = [19]", "articles = []").encode())
        register_keeping.define_register(desk.built.actors[MANAGER], NOW, body)
        registers.open_record(desk.built.actors[LEADER], NOW, "lent", {"thing": "备用耳机"})
        desk.clock.advance(timedelta(days=2, hours=2))
        watch.keep_watch(SYSTEM, desk.clock())
        await desk.sign_in(LEADER)
        await desk.until(
            lambda: "借用登记 no. 1 waited too long" in desk.text() and "house rule" in desk.text()
        )
        desk.app.screen.query_one("#findings").focus()
        await desk.press("enter")
        await desk.until(
            lambda: isinstance(desk.app.screen, ArticleFindingsDialog) and "借用登记" in desk.text()
        )
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, RecordDialog) and "备用耳机" in desk.text())
        assert not isinstance(desk.app.screen, RegisterFormDialog)
