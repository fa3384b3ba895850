"""7 Registers by keys: written, moved on, found, taken over from a file, printed; at both widths."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from operations import register_views, registers
from operations.register_views import RecordFilter, RecordRow
from tests.centre import NOW, TODAY, Built
from tests.reports.reading import bare, pages_of
from tests.tui.desk import Desk, open_desk, rows_of
from tui.register_sources import books, source_of
from tui.screens.record_dialog import RecordDialog
from tui.screens.register_form import RegisterFormDialog
from tui.screens.registers import RegistersScreen
from tui.widgets.virtual_table import VirtualTable

LEADER, OPERATOR, MANAGER = "1003", "1017", "2001"


async def open_registers(desk: Desk, number: str, register: str = "") -> None:
    await desk.sign_in(number)
    await desk.until(lambda: desk.app.board is not None)
    await desk.press("7")
    await desk.until(
        lambda: isinstance(desk.app.screen, RegistersScreen) and "The records" not in desk.text()
    )
    if register:
        screen = desk.app.screen
        assert isinstance(screen, RegistersScreen)
        books = screen._books()
        books.cursor = [book.register.key for book in rows_of(books)].index(register)
        await desk.settle()


def on_record(desk: Desk, register: str, by: str = LEADER) -> tuple[RecordRow, ...]:
    return register_views.records(desk.built.actors[by], NOW, register).rows


async def test_art19_on_a_small_screen_damage_is_written_down_and_followed_to_its_repair(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await open_registers(desk, LEADER)
        await desk.press("g")
        await desk.until(lambda: "Seat-leave permits" in desk.text())
        await desk.press("end", "up", "up", "up", "enter")
        await desk.until(lambda: "No equipment is damaged." in desk.text())
        await desk.press("n")
        await desk.type("耳机 12")
        await desk.press("enter", "enter")
        await desk.type("左耳[b]无声[/b]")
        await desk.press("ctrl+s")
        await desk.until(lambda: bool(on_record(desk, "damage")))
        await desk.until(lambda: "左耳[b]无声[/b]" in desk.text() and "pass on for repair" in desk.text())
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, RecordDialog))
        await desk.press("1")
        await desk.press("ctrl+s")
        await desk.until(lambda: "who was told: This has to be filled in." in desk.text())
        await desk.type("机务")
        await desk.press("enter", "enter")
        await desk.until(lambda: on_record(desk, "damage")[0].state == "in_repair")
        await desk.until(lambda: "in repair" in desk.text())


async def test_art04_an_operator_reports_without_a_name_and_does_not_see_it_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_registers(desk, OPERATOR, "breach")
        await desk.press("n")
        await desk.press("right", "right", "right", "enter", "enter", "enter")
        await desk.type("1021")
        await desk.press("enter")
        await desk.type("座席上吃夜宵")
        await desk.press("enter", "enter", "right", "ctrl+s")
        await desk.until(lambda: not isinstance(desk.app.screen, RegisterFormDialog))
        (row,) = on_record(desk, "breach", MANAGER)
        assert (row.about, row.reporter, row.values["kind"]) == ("1021", "", "order")
        assert on_record(desk, "breach", OPERATOR) == ()
        assert "座席上吃夜宵" not in desk.text()


async def test_art12_one_training_is_written_for_a_team_at_once_then_found_and_narrowed(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as desk:
        await open_registers(desk, LEADER, "training")
        await desk.press("b")
        await desk.type("甲, 1103")
        await desk.press("enter")
        await desk.type("新套餐")
        await desk.press("enter", "right", "ctrl+s")
        await desk.until(lambda: len(on_record(desk, "training")) == 5)
        await desk.until(lambda: "On record for 5 people." in desk.text())
        assert "陈静(1017)" in desk.text()
        registers.take_step(desk.built.actors[LEADER], NOW, 2, "pass", {"score": "92"})
        table = desk.app.screen.query_one("#records", VirtualTable)
        await desk.press("slash")
        await desk.type("套餐 陈静")
        await desk.press("enter")
        await desk.until(lambda: table.row_count == 1)
        await desk.press("escape")
        await desk.until(lambda: table.row_count == 5)
        await desk.press("f", "right", "right", "right", "ctrl+s")
        await desk.until(lambda: table.row_count == 4)
        assert "Training: planned" in desk.text()
        await desk.press("f")
        await desk.type("刘洋")
        await desk.press("ctrl+s")
        await desk.until(lambda: table.row_count == 1)


async def test_what_is_overdue_is_on_the_shelf_in_both_languages_and_a_record_is_printed(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as desk:
        leader = desk.built.actors[LEADER]
        damage = {"found_on": "2026-11-01", "asset": "耳机", "what": "[b]无声#{x}"}
        registers.open_record(leader, NOW, "damage", damage)
        desk.clock.advance(timedelta(days=3))
        await open_registers(desk, LEADER, "damage")
        await desk.until(lambda: "✗1" in desk.text() and "[b]无声#{x}" in desk.text())
        await desk.press("enter", "p", "p")
        await desk.until(lambda: "Written to" in desk.text())
        (paper,) = desk.app.home.paper_folder.glob("zhiban-damage-1.pdf")
        text = bare("".join(pages_of(paper.read_bytes())))
        assert "[b]无声#{x}" in text
        assert "王建国(1003)" in text
        assert "Handledby:" in text
        await desk.press("escape", "escape")
        desk.app.action_set_language("zh_CN")
        await desk.until(lambda: "耳机" in desk.text() and "✗1" in desk.text())


async def test_an_export_is_a_form_that_is_filled_in_and_imported(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_registers(desk, LEADER, "training")
        await desk.press("p", "c")
        await desk.until(lambda: "Written to" in desk.text())
        (form,) = desk.app.home.paper_folder.glob("zhiban-training-*.csv")
        head = form.read_text(encoding="utf-8-sig").splitlines()[0]
        filled = tmp_path / "训练.csv"
        filled.write_text(
            f"{head}\n,陈静,新套餐,business knowledge,2026-11-20,2,王老师,yes,,\n"
            f",赵六,新套餐,nonsense,2026-11-20,2,王老师,yes,,\n",
            encoding="utf-8",
        )
        await desk.press("escape", "i")
        await desk.type(str(filled))
        await desk.press("enter")
        await desk.until(lambda: "1 new records, 0 there already, 2 mistakes" in desk.text())
        assert "B3" in desk.text()
        assert "D3" in desk.text()
        await desk.press("ctrl+e")
        await desk.until(lambda: len(on_record(desk, "training")) == 1)
        assert on_record(desk, "training")[0].state == "attended"


def test_a_table_reads_the_same_rows_wherever_it_jumps_and_whatever_comes_on_top(
    sqlite_centre: Built,
) -> None:
    actor = sqlite_centre.actors[LEADER]

    def write(count: int, day: int) -> None:
        texts = {"found_on": f"2026-11-{day:02}", "asset": "耳机", "what": "无声"}
        for _n in range(count):
            registers.open_record(actor, NOW, "damage", texts)

    for day in (3, 1, 2, 2):
        write(3, day)
    book = next(book for book in books(actor, NOW) if book.register.key == "damage")
    source = source_of(book)
    fetch = source.window(actor, lambda: NOW, RecordFilter())

    def numbers(offset: int) -> list[int]:
        return [row.number for row in fetch(offset, 4)[1]]

    whole = [3, 2, 1, 12, 11, 10, 9, 8, 7, 6, 5, 4]
    assert [numbers(offset) for offset in (0, 4, 8, 5, 1, 10)] == [
        whole[0:4], whole[4:8], whole[8:12], whole[5:9], whole[1:5], whole[10:12]
    ]  # fmt: skip
    write(1, 20)
    assert numbers(8) == [13, *whole][8:12]
    assert [row.number for row in source.rows(actor, NOW, RecordFilter(last=TODAY))] == [13, *whole]
