"""The daily log as PDF: what can be read back from the paper is what was recorded."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from regulation.daily_log import DailyLog, Named, SignatureLine
from regulation.handover import Side
from reports.daily_log import daily_log_sheet
from reports.font import GETA, typefaces
from reports.pdf import render_pdf, write_pdf
from reports.sheet import Section, Sheet, Table
from settings import ZhibanError
from tests.reports.reading import bare, pages_of
from tests.reports.sample_day import PRINTED_AT, PRINTED_BY, at, busy_day, empty_day, night, sample_day


def _pdf(log: DailyLog, language: str = "en", *, reprint: bool = False) -> bytes:
    return render_pdf(log, printed_at=PRINTED_AT, printed_by=PRINTED_BY, reprint=reprint, language=language)


def _sheet(log: DailyLog, language: str) -> Sheet:
    return daily_log_sheet(log, printed_at=PRINTED_AT, printed_by=PRINTED_BY, language=language)


def _cells(sheet: Sheet) -> Iterator[str]:
    yield from (sheet.title, sheet.owner, sheet.subject, sheet.digest.groups, sheet.printed)
    for section in sheet.sections:
        yield from (section.heading, section.fact)
        for block in section.blocks:
            yield block.heading
            if isinstance(block, Table):
                yield from (cell for row in block.rows for cell in row)
                yield block.empty if not block.rows else ""
            else:
                yield from block.facts
    for row in sheet.signatures:
        yield row.label
        yield from (line for box in row.boxes for line in (box.role, *box.given))


def _stands_in(cell: str, text: str) -> bool:
    """Whether ``cell`` is in ``text`` whole, or in two parts on either side of a page's end."""
    if cell in text:
        return True
    return any(cell[:cut] in text and cell[cut:] in text for cut in range(8, len(cell) - 8))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("log", [sample_day(), empty_day(), busy_day()], ids=["sample", "empty", "busy"])
def test_the_paper_reads_back_equal_to_the_record(log: DailyLog, language: str) -> None:
    text = bare("".join(pages_of(_pdf(log, language))))
    lost = [cell for cell in _cells(_sheet(log, language)) if not _stands_in(bare(cell), text)]
    assert lost == []


def _place_after(cell: str, text: str, start: int) -> int:
    """Where ``cell`` ends in ``text`` from ``start`` on, whole or around a page's end; -1 when it is not there."""
    found = text.find(cell, start)
    if found >= 0:
        return found + len(cell)
    for cut in range(len(cell) - 1, 0, -1):
        first = text.find(cell[:cut], start)
        second = text.find(cell[cut:], first + cut) if first >= 0 else -1
        if second >= 0:
            return second + len(cell) - cut
    return -1


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("log", [sample_day(), empty_day(), busy_day()], ids=["sample", "empty", "busy"])
def test_the_paper_reads_back_in_the_order_of_the_record(log: DailyLog, language: str) -> None:
    text, place = bare("".join(pages_of(_pdf(log, language)))), 0
    for section in _sheet(log, language).sections:
        for cell in (bare(part) for part in _section_cells(section)):
            after = _place_after(cell, text, place)
            assert after >= 0, cell
            place = after


def _section_cells(section: Section) -> Iterator[str]:
    yield section.heading
    yield section.fact
    for block in section.blocks:
        yield block.heading
        if isinstance(block, Table):
            yield from (cell for row in block.rows for cell in row)
        else:
            yield from block.facts


def test_one_shift_alone_names_itself_and_is_signed_for_itself() -> None:
    shift = night()
    log = replace(sample_day(), shifts=(shift,), digest=shift.digest, one_shift=True)
    text = bare("".join(pages_of(_pdf(log))))
    assert "2026-11-24Night" in text
    assert "Inthehoursofthisshift" in text
    assert "Thewholeday" not in text
    assert shift.digest in text
    draft = bare("".join(pages_of(_pdf(replace(log, digest="")))))
    assert draft.count("DRAFT") >= 2


def test_every_page_has_its_number_and_the_digest() -> None:
    log = busy_day()
    pages = pages_of(_pdf(log))
    assert len(pages) > 10
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert log.digest in bare(page)


def test_a_table_repeats_its_heading_on_the_next_page() -> None:
    pages = pages_of(_pdf(busy_day()))
    assert all("What happened" in page for page in pages[:10])


def test_the_same_record_makes_the_same_bytes() -> None:
    assert _pdf(sample_day()) == _pdf(sample_day())


def test_the_page_is_a4_and_every_font_is_embedded() -> None:
    reader = pypdf.PdfReader(io.BytesIO(_pdf(sample_day())))
    width, height = reader.pages[0].mediabox[2:]
    assert (round(float(width)), round(float(height))) == (595, 842)
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]
    descriptors = [f["/DescendantFonts"][0].get_object()["/FontDescriptor"] for f in fonts]
    assert descriptors
    assert all("/FontFile3" in d or "/FontFile2" in d for d in descriptors)


def test_an_unsealed_day_has_the_draft_mark_on_every_page_and_no_digest() -> None:
    log = sample_day()
    pages = pages_of(_pdf(replace(log, digest="")))
    assert all("DRAFT" in bare(page) for page in pages)
    assert log.digest not in bare("".join(pages))
    assert "DRAFT" not in bare("".join(pages_of(_pdf(log))))


def test_a_reprint_is_marked_on_every_page() -> None:
    assert all("REPRINT" in page for page in pages_of(_pdf(sample_day(), reprint=True)))
    assert "REPRINT" not in "".join(pages_of(_pdf(sample_day())))


def _with_text(text: str) -> DailyLog:
    shift = night()
    return replace(sample_day(), shifts=(replace(shift, entries=(replace(shift.entries[0], text=text),)),))


@pytest.mark.parametrize(
    "text",
    [
        "#eval(1+1) #panic() #sys.inputs",
        "*bold* _slant_ `code` $x^2$ <tag> @ref = Heading",
        "back\\slash \"quoted\" 'single' -- --- ... // /* */ ~ [x] {y}",
        "{page} {pages} {0} %s %(x)s",
        "=SUM(A1) \\u{41} &amp; </text>",
    ],
)
def test_hostile_text_prints_as_it_was_written(text: str) -> None:
    assert bare(text) in bare("".join(pages_of(_pdf(_with_text(text)))))


def test_control_characters_and_direction_marks_do_not_reach_the_paper() -> None:
    text = "".join(pages_of(_pdf(_with_text("a\x1b[31mb\u202ec\ud800d"))))
    assert f"a{GETA}[31mbc{GETA}d" in text


def test_rare_surnames_are_drawn_by_the_font() -> None:
    names = "㛃镕珺𠅤䶮堃喆"
    assert typefaces().missing(names) == []
    assert names in bare("".join(pages_of(_pdf(_with_text(names)))))


# GB 18030-2022 beyond the basic plane: surnames and place names of extensions B, C, E, F and G.
GB18030_RARE = "𠅤𡇙𤭢𪟝𫍯𬀩𬎆𬭚𬮿𭎂𮧵𰻝𰽴𱅒"


def test_a_rare_character_is_drawn_or_owned_up_to_and_never_an_empty_box() -> None:
    missing = typefaces(with_system=True).missing(GB18030_RARE)
    text = bare("".join(pages_of(_pdf(_with_text("".join(f"王{sign}明，" for sign in GB18030_RARE))))))
    for sign in GB18030_RARE:
        shown = GETA if sign in missing else sign
        assert f"王{shown}明" in text
    assert all(f"U+{ord(sign):04X}" in text for sign in missing[:6])
    assert ("…" in text) == (len(missing) > 6)


def test_the_note_of_many_missing_characters_stays_on_one_line() -> None:
    many = "".join(chr(0xE000 + number) for number in range(300))
    pages = pages_of(_pdf(_with_text(many)))
    assert GETA * 40 in bare("".join(pages))
    assert next(line for line in pages[0].splitlines() if "U+E000" in line).endswith("U+E005, …")


def test_a_character_no_font_has_is_owned_up_to() -> None:
    text = bare("".join(pages_of(_pdf(_with_text("王\ue000明")))))
    assert f"王{GETA}明" in text
    assert "U+E000" in text


def test_a_long_run_without_spaces_stays_inside_its_column() -> None:
    shift = night()
    run = "W" * 400
    entry = replace(shift.entries[0], outcome=run, seat=run[:40])
    log = replace(sample_day(), shifts=(replace(shift, entries=(entry,)),))
    assert _place_after(run, bare("".join(pages_of(_pdf(log)))), 0) > 0


def test_a_row_taller_than_a_page_is_continued_and_not_cut() -> None:
    text = "\n".join(f"line{number:03}" for number in range(120))
    read = "".join(pages_of(_pdf(_with_text(text))))
    assert [number for number in range(120) if f"line{number:03}" not in read] == []


def test_a_signature_with_a_long_note_keeps_all_of_it() -> None:
    note = "代班说明" * 60
    signature = SignatureLine(Side.INCOMING, Named("孙丽", "1006"), at("07:58"), note)
    log = replace(sample_day(), shifts=(replace(night(), signatures=(signature,)),))
    pdf = _pdf(log)
    assert note in bare("".join(pages_of(pdf)))
    heights: dict[str, list[float]] = {"代班": [], "Signature": []}

    def place(text: str, cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        for word, found in heights.items():
            if word in text and text.strip() != "Signatures":
                found.append(tm[5] * cm[3] + cm[5])

    pypdf.PdfReader(io.BytesIO(pdf)).pages[-1].extract_text(visitor_text=place)
    assert min(heights["代班"]) > max(heights["Signature"]) + 10


def test_all_signatures_are_on_one_page() -> None:
    pages = [page for page in pages_of(_pdf(sample_day())) if "Handed over" in page]
    assert len(pages) == 1
    assert pages[0].count("Handed over") == pages[0].count("Taken over") == 3
    assert "Deputy manager on duty" in pages[0]


def _write(path: Path) -> None:
    write_pdf(path, sample_day(), printed_at=PRINTED_AT, printed_by=PRINTED_BY, language="en")


def test_a_written_paper_is_whole_and_private_to_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "log.pdf"
    _write(path)
    assert path.read_bytes() == _pdf(sample_day())
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["log.pdf"]


@pytest.mark.parametrize("place", ["missing/log.pdf", "file/log.pdf", "folder"])
def test_a_path_that_cannot_be_written_is_named_with_a_next_step(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("kept")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ZhibanError) as caught:
        _write(tmp_path / place)
    assert str(tmp_path / place) in caught.value.message
    assert caught.value.next_step
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]
    assert (tmp_path / "file").read_text() == "kept"


def test_without_the_paper_extra_the_command_to_install_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    typefaces.cache_clear()
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(ZhibanError) as caught:
        _pdf(sample_day())
    assert "pip install 'zhiban[paper]'" in caught.value.next_step


def test_without_the_bundled_font_the_machines_own_is_used_or_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "noto_cjk_sans_otc", None)
    typefaces.cache_clear()
    try:
        answer = "".join(typefaces().missing("值班日志"))
    except ZhibanError as error:
        answer = "" if "pip install 'zhiban[paper]'" in error.next_step else error.next_step
    finally:
        typefaces.cache_clear()
    assert answer == ""
