"""The desk's style sheet parses a part once for each palette."""

from __future__ import annotations

from textual.color import Color

from tui.stylesheet import KeptStylesheet


def test_what_was_parsed_is_kept_until_the_palette_is_another_one() -> None:
    sheet = KeptStylesheet(variables={"ink": "red"})
    sheet.add_source("Label { color: $ink; }", ("label.tcss", ""))
    parsed = sheet.rules[0]
    sheet.add_source("Button { color: $ink; }", ("button.tcss", ""))
    sheet.set_variables({"ink": "red"})
    sheet.reparse()
    assert len(sheet.rules) == 2
    assert sheet.rules[0] is parsed

    sheet.set_variables({"ink": "blue"})
    sheet.reparse()
    assert [rule.styles.color for rule in sheet.rules] == [Color.parse("blue")] * 2
