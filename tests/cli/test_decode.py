"""``zhiban decode``: bytes in, one JSON object a line out, as the hardware guide promises."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.cli.command import Zhiban, command, environment, first_line

GOOD = b"\x0262E3086CED08\x03"


def test_a_whole_rdm6300_frame_is_a_badge(zhiban: Zhiban) -> None:
    answer = zhiban("decode", "--format", "rdm6300", given=GOOD)
    assert (answer.code, answer.out) == (0, '{"event": "badge_read", "badge": "62E3086CED"}\n')


def test_leading_zeros_of_a_badge_are_kept(zhiban: Zhiban) -> None:
    answer = zhiban("decode", "--format", "rdm6300", given=b"\x0200000000FFFF\x03")
    assert answer.out == '{"event": "badge_read", "badge": "00000000FF"}\n'


def test_a_wrong_checksum_is_noise_and_the_next_frame_is_read(zhiban: Zhiban) -> None:
    answer = zhiban("decode", "--format", "rdm6300", given=b"\x0262E3086CED09\x03" + GOOD)
    assert answer.out.splitlines() == [
        '{"event": "noise", "bytes": "02363245333038364345443039' + '03", "why": "checksum"}',
        '{"event": "badge_read", "badge": "62E3086CED"}',
    ]


def test_lines_are_badges_and_what_is_left_is_noise(zhiban: Zhiban) -> None:
    answer = zhiban("decode", "--format", "line", given=b"0042-A\r\nha")
    assert answer.out.splitlines() == [
        '{"event": "badge_read", "badge": "0042-A"}',
        '{"event": "noise", "bytes": "6861", "why": "truncated"}',
    ]


def test_a_badge_is_printed_before_the_input_ends(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("decode", "--format", "line"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(tmp_path / "home"),
    ) as process:
        assert process.stdin is not None
        process.stdin.write("0042\n")
        process.stdin.flush()
        assert first_line(process) == '{"event": "badge_read", "badge": "0042"}'
        process.stdin.close()
        assert process.wait(10) == 0


def test_an_unknown_format_is_a_wrong_use_and_names_the_ones_there_are(zhiban: Zhiban) -> None:
    assert zhiban("decode", "--format", "morse").refused("'morse'", "line, rdm6300", code=2)


def test_decoding_makes_no_home(zhiban: Zhiban) -> None:
    zhiban("decode", "--format", "line", given=b"1\n")
    assert not zhiban.home.exists()
