"""The daily log as PDF, beside a bare page of the same typesetter with the same font, each in a new process.

The day has 150 entries, every third a long paragraph. The limit is one second from asking to the finished bytes, in
a process that has only just started: the typesetter, the font and the templates are loaded within it.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

LIMIT_SECONDS = 1.0
RUNS = 7

HELLO = """
import time
began = time.perf_counter()
import typst
from reports.font import typefaces
faces = typefaces()
page = '#set text(font: "' + faces.faces[0].family + '")\\n值班日志 hello'
pdf = typst.compile(page.encode(), font_paths=faces.fonts, ignore_system_fonts=True, format="pdf")
print(time.perf_counter() - began, len(pdf))
"""

DAY = """
import time
from tests.reports.sample_day import PRINTED_AT, PRINTED_BY, busy_day
log = busy_day()
began = time.perf_counter()
from reports.pdf import render_pdf
pdf = render_pdf(log, printed_at=PRINTED_AT, printed_by=PRINTED_BY, language="zh_CN")
first = time.perf_counter() - began
again = time.perf_counter()
render_pdf(log, printed_at=PRINTED_AT, printed_by=PRINTED_BY, language="zh_CN")
print(first, len(pdf), time.perf_counter() - again)
"""


def main() -> None:
    """Run both in turn and print medians and their ratio."""
    pairs = [(_measured(HELLO), _measured(DAY)) for _run in range(RUNS + 1)][1:]  # the first warms the disk
    hello = statistics.median(pair[0][0] for pair in pairs)
    ours = statistics.median(pair[1][0] for pair in pairs)
    again = statistics.median(pair[1][2] for pair in pairs)
    ratio = statistics.median(pair[1][0] / pair[0][0] for pair in pairs)
    kilobytes = pairs[0][1][1] / 1000
    print("daily log of 150 entries as PDF, from asking to the bytes in a new process")
    print(f"  bare page of the typesetter  {hello:6.3f} s   (median of {RUNS})")
    print(f"  the day, {kilobytes:4.0f} kB             {ours:6.3f} s   limit {LIMIT_SECONDS} s")
    print(f"  the day again                {again:6.3f} s")
    print(f"  ratio                        {ratio:6.2f}")


def _measured(program: str) -> list[float]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return [float(part) for part in done.stdout.split()]


if __name__ == "__main__":
    main()
