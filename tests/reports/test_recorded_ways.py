"""What was recorded about a handover stands on its paper. After a wanted change: ``python -m tests.reports.test_recorded_ways``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from regulation.daily_log import (
    AddendumLine,
    CheckLine,
    DailyLog,
    Named,
    ReliefLine,
    ShiftSection,
    SignatureLine,
    WayLine,
    content_digest,
)
from regulation.handover import AREA_NAMES, Area, CheckValue, LogState, Side
from reports.columns import PAGE_COLUMNS, width_of
from reports.pdf import render_pdf
from reports.text import render_text
from tests.reports.reading import bare, pages_of
from tests.reports.sample_day import CREW, DAY, PRINTED_AT, PRINTED_BY, SUN, WANG, ZHAO, ZHOU, ZONE, at

GOLDEN = Path(__file__).parent / "golden"
MANAGER = Named("周敏", "2001")


def closed_alone() -> ShiftSection:
    """A night with everything: a hold, a stand-in, an override, reliefs by hand, closed alone, counter-signed."""
    sealed = ShiftSection(
        "夜班",
        "甲班",
        at("00:00"),
        at("08:00"),
        (WANG,),
        4,
        4,
        checklist=(
            CheckLine(Area.LOG, AREA_NAMES[Area.LOG], CheckValue.IN_ORDER),
            CheckLine(Area.LOG, "3号配线架告警", CheckValue.IN_ORDER, subject="item:5", standing="carried"),
            CheckLine(
                Area.MACHINES,
                "李伟(华信公司)",
                CheckValue.IN_ORDER,
                subject="visit:3",
                standing="has left",
                standing_at=at("07:52"),
            ),
            CheckLine(Area.MATERIAL, "机房钥匙", CheckValue.NONE, "已移交门卫", subject="asset:1"),
        ),
        reliefs=(
            ReliefLine("01", CREW[0], CREW[2], at("07:50"), "taken over by badge"),
            ReliefLine("02", CREW[1], CREW[3], at("07:51"), "handed over by the leader"),
            ReliefLine("03", CREW[4], None, at("08:31")),
        ),
        state=LogState.SEALED,
        cutoff_at=at("07:46"),
        signatures=(SignatureLine(Side.OUTGOING, ZHAO, at("08:31"), "王建国高烧送医", "stand-in"),),
        shift_en="Night",
        ways=(
            WayLine("stand-in", 21, at("06:10"), MANAGER, "王建国高烧送医", ZHAO, instead_of=WANG),
            WayLine("hold", 11, at("07:47"), ZHAO, "城东汇聚交换机中断", until=at("08:20"), what="已恢复"),
            WayLine("the relief did not come", 21, at("08:25"), ZHAO, "电话无人接听", ZHOU),
            WayLine("override", 23, at("08:28"), MANAGER, "已当面核对", what="争议尚未上报:机房钥匙"),
            WayLine("closed alone", 21, at("08:31"), ZHAO, "次日停业检修"),
        ),
    )
    return replace(
        sealed,
        digest=content_digest(sealed),
        addenda=(
            AddendumLine(at("09:05", 25), ZHAO, "补记:03:10 曾重启话务台,当时未登记。", "5f3a" * 16),
            AddendumLine(at("10:00", 25), MANAGER, "已核实。", "77c2" * 16),
        ),
        counter_signatures=(SignatureLine(Side.INCOMING, SUN, at("07:45", 25)),),
    )


def day(section: ShiftSection) -> DailyLog:
    return DailyLog("城东客服中心", ZONE, DAY, (section,), digest="ab" * 32)


def text(language: str, section: ShiftSection | None = None) -> str:
    return render_text(
        day(section or closed_alone()),
        printed_at=PRINTED_AT,
        printed_by=PRINTED_BY,
        reprint=False,
        language=language,
    )


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_recorded_ways_read_as_the_golden_text(language: str) -> None:
    assert text(language) == (GOLDEN / f"recorded_ways.{language}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_no_line_is_wider_than_the_paper(language: str) -> None:
    assert max(width_of(line) for line in text(language).split("\n")) <= PAGE_COLUMNS


def test_what_came_after_the_sealing_changes_no_digest() -> None:
    section = closed_alone()
    assert content_digest(section) == section.digest
    assert content_digest(replace(section, ways=section.ways[1:])) != section.digest


def test_a_handover_without_anything_special_prints_nothing_of_it() -> None:
    plain = replace(closed_alone(), ways=(), addenda=(), counter_signatures=())
    for words in ("Recorded ways", "Addenda", "counter-signed"):
        assert words not in text("en", plain)
        assert words in text("en")


def test_the_pdf_holds_the_same_words() -> None:
    pdf = render_pdf(day(closed_alone()), printed_at=PRINTED_AT, printed_by=PRINTED_BY, language="en")
    page = bare("".join(pages_of(pdf)))
    for words in ("instead of", "城东汇聚交换机中断", "counter-signed", "已核实", "taken over by badge"):
        assert bare(words) in page


if __name__ == "__main__":
    for code in ("zh_CN", "en"):
        (GOLDEN / f"recorded_ways.{code}.txt").write_text(text(code), encoding="utf-8")
