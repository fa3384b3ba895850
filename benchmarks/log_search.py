"""Searching ten years of logs as one types: every prefix of a question, beside a bare FTS5 query of the same store.

200,000 entries of realistic Chinese over ten years of shifts in one SQLite file. A keystroke is the whole operation:
permission, transaction, index, a look at the text, and the fifty rows that are shown. The bare query asks the same
index for the same tokens over an open connection and fetches fifty row numbers, nothing else.
"""

from __future__ import annotations

import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

import models
from operations import search, store
from operations.boundary import Actor
from operations.search_index import empty_index, fill_index
from regulation.logbook import ENTRY_KINDS
from regulation.search_text import grams_of_word, token, words_of
from tests.centre import NOW, build_centre

ENTRIES = int(os.environ.get("ZHIBAN_BENCH_ENTRIES", "200000"))
DAYS = 3650
REPEATS = 5
BATCH = 1000
QUERIES = (
    "宽带频繁掉线",
    "光猫 los 灯",
    "工单 4471",
    "0571-8812",
    "olt-17",
    "的",
    "配线架告警 城东",
    "没有这样的词",
)

PLACES = ("城东", "城西", "滨江", "余杭", "萧山", "临平", "钱塘", "富阳", "桐庐", "建德")
ASSETS = (
    "配线架",
    "主机",
    "交换机",
    "光猫",
    "OLT-{n}",
    "BRAS-{n}",
    "语音网关",
    "话务台",
    "录音服务器",
    "中继 E1-{n}",
)
TEXTS = (
    "用户 0571-{phone} 申告宽带频繁掉线，光猫 LOS 灯闪烁，{place}片区，已派装维上门。",
    "{place}{asset}告警，影响约 {n} 户的业务，已通知维护值班，正在倒换备用板。",
    "工单 {order} 转{place}装维中心，用户要求 {hour} 点前回复，已电话催办。",
    "用户反映话费与套餐不符，核对 {month} 月账单后解释清楚，用户表示理解。",
    "IVR {n} 号菜单无应答，来话直接转人工，重启语音网关后恢复正常。",
    "接上级通知，{hour} 时起{place}{asset}割接，期间可能瞬断，座席做好解释口径。",
    "抽查录音 {n} 条，规范用语合格，个别座席语速偏快，已提醒。",
    "VIP 用户 138{phone} 专线中断，{asset}侧光功率低，升级二线处理，{hour} 点复测。",
    "资费说明更新：{month} 月起校园套餐调整，资料已换新并通知各班。",
    "{n} 号座席耳机损坏，已换备用，报修单 {order}。",
)


def main() -> None:
    """Fill a centre with ten years, ask, print."""
    with tempfile.TemporaryDirectory() as folder:
        built = build_centre(Path(folder))
        _fill(built.actors["1003"])
        started = time.perf_counter()
        store.write(_rebuild)
        rebuilt = time.perf_counter() - started
        bare = sqlite3.connect(Path(folder) / "centre.db")
        print(f"{ENTRIES:,} entries over ten years; the index is built anew in {rebuilt:.1f} s")
        print(
            f"{'typed':<22}{'keys':>5}{'p50 ms':>9}{'p95 ms':>9}{'bare p50':>10}{'bare p95':>10}{'ratio p50':>10}"
        )
        every: tuple[list[float], list[float]] = ([], [])
        for query in QUERIES:
            ours, peer = _measured(built.actors["1003"], bare, query)
            every[0].extend(ours)
            every[1].extend(peer)
            _print(query, len(query), ours, peer)
        _print("every keystroke", sum(map(len, QUERIES)), *every)
        bare.close()


def _measured(actor: Actor, bare: sqlite3.Connection, query: str) -> tuple[list[float], list[float]]:
    ours, peer = [], []
    for length in range(1, len(query) + 1):
        typed = query[:length]
        tokens = {token(gram) for word in words_of(typed) for gram in grams_of_word(word)}
        match = " ".join(f'"{one}"' for one in sorted(tokens))
        asked = search.LogQuery(typed)
        for _again in range(REPEATS):
            ours.append(_timed(lambda asked=asked: search.search_log(actor, NOW, asked)))  # type: ignore[misc]
            peer.append(_timed(lambda match=match: _bare(bare, match)))  # type: ignore[misc]
    return ours, peer


def _bare(connection: sqlite3.Connection, match: str) -> list[tuple[int]]:
    sql = "SELECT rowid FROM search_index WHERE search_index MATCH ? ORDER BY rowid DESC LIMIT 50"
    return connection.execute(sql, (match,)).fetchall()


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return (time.perf_counter() - started) * 1000


def _print(name: str, keys: int, ours: list[float], peer: list[float]) -> None:
    numbers = (median(ours), quantiles(ours, n=20)[-1], median(peer), quantiles(peer, n=20)[-1])
    cells = "".join(f"{number:>{place}.2f}" for number, place in zip(numbers, (9, 9, 10, 10), strict=True))
    print(f"{name:<22}{keys:>5}{cells}{numbers[0] / numbers[2]:>10.1f}")


def _rebuild() -> int:
    empty_index(models.database.obj)
    return fill_index(models.database.obj)


def _fill(author: Actor) -> None:
    chance = random.Random(4471)

    def write() -> None:
        night = models.ShiftType.get(models.ShiftType.code == "night")
        begin = NOW - timedelta(days=DAYS + 30)
        for day in range(DAYS):
            at = begin + timedelta(days=day)
            models.ShiftLog.create(
                date=at.date(),
                shift_type=night,
                starts_at=at,
                ends_at=at + timedelta(hours=8),
                state="sealed",
            )
        log = models.ShiftLog
        logs = list(log.select(log.id, log.starts_at).where(log.starts_at < NOW - timedelta(days=25)))
        rows: list[dict[str, object]] = []
        for number, text in enumerate(_texts(chance)):
            shift = logs[number * len(logs) // ENTRIES]
            at = shift.starts_at + timedelta(seconds=chance.randrange(8 * 3600))
            rows.append(
                {
                    "log": shift.id,
                    "kind": chance.choice(tuple(ENTRY_KINDS)),
                    "happened_at": at,
                    "entered_at": at,
                    "author": author.person_id,
                    "text": text,
                    "attachments": [],
                }
            )
            if len(rows) == BATCH or number == ENTRIES - 1:
                models.LogEntry.insert_many(rows).execute()
                rows = []

    store.write(write)


def _texts(chance: random.Random) -> Iterator[str]:
    for _number in range(ENTRIES):
        n = chance.randrange(1, 60)
        yield chance.choice(TEXTS).format(
            phone=chance.randrange(80_000_000, 89_999_999),
            place=chance.choice(PLACES),
            asset=chance.choice(ASSETS).format(n=n),
            n=n,
            order=chance.randrange(1000, 99_999),
            hour=chance.randrange(24),
            month=chance.randrange(1, 13),
        )


if __name__ == "__main__":
    main()
