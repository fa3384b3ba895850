"""A day at a centre as its paper would show it: three shifts, a dispute, three carried items, two visitors."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from regulation.daily_log import (
    AttendanceLine,
    CheckLine,
    DailyLog,
    DisputeLine,
    DoorLine,
    EntryLine,
    FigureLine,
    FindingLine,
    ItemLine,
    LimitLine,
    Named,
    ReliefLine,
    ShiftSection,
    SignatureLine,
    SpotCheckLine,
    Told,
    VisitorLine,
    content_digest,
)
from regulation.handover import AREA_NAMES, Area, CheckValue, LogState, Side
from regulation.ledger import Head
from regulation.limits import BY_NAME, DEFAULT_LIMITS
from regulation.logbook import ENTRY_KINDS
from regulation.records import VisitState

ZONE = "Asia/Shanghai"
DAY = date(2026, 11, 24)
PRINTED_AT = datetime(2026, 11, 25, 0, 12, tzinfo=UTC)
PRINTED_BY = "周敏 1004"
# The version that was in force on the sample's day: a later limit does not change what was printed then.
LIMITS_VERSION = "7afdc071"

WANG = Named("王建国", "1003")
ZHOU = Named("周敏", "1004")
ZHAO = Named("赵磊", "1005")
SUN = Named("孙丽", "1006")
CREW = tuple(
    Named(name, str(1017 + place))
    for place, name in enumerate(("陈静", "刘洋", "何芳", "马超", "朱镕", "㛃小兰", "林珺", "欧阳娜娜"))
)


def at(clock: str, day: int = 24) -> datetime:
    """An instant of the sample day, by the centre's clock."""
    hour, minute = clock.split(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def _checklist(disputed: bool) -> tuple[CheckLine, ...]:
    machines = (
        CheckLine(
            Area.MACHINES,
            "3号配线架",
            CheckValue.DISPUTED,
            "交班称告警已消除，接班核对时红灯仍亮",
            "值班经理 钱志远",
        )
        if disputed
        else CheckLine(Area.MACHINES, "3号配线架", CheckValue.IN_ORDER)
    )
    return (
        CheckLine(Area.LOG, AREA_NAMES[Area.LOG], CheckValue.IN_ORDER),
        CheckLine(Area.CLEANLINESS, AREA_NAMES[Area.CLEANLINESS], CheckValue.IN_ORDER, "台面、地面已清扫"),
        CheckLine(Area.MACHINES, "座席电脑与话机", CheckValue.IN_ORDER, "12 台全部正常"),
        machines,
        CheckLine(Area.MATERIAL, "资费资料更新", CheckValue.NONE),
    )


def _seats(
    outgoing: tuple[Named, ...], incoming: tuple[Named, ...], when: datetime
) -> tuple[ReliefLine, ...]:
    pairs = enumerate(zip(outgoing, incoming, strict=True), start=1)
    return tuple(
        ReliefLine(f"{seat:02}", out, into, when + timedelta(minutes=seat)) for seat, (out, into) in pairs
    )


def _sealed(section: ShiftSection) -> ShiftSection:
    return replace(section, digest=content_digest(section))


def _signed(out: Named, into: Named, first: datetime) -> tuple[SignatureLine, ...]:
    return (
        SignatureLine(Side.OUTGOING, out, first),
        SignatureLine(Side.INCOMING, into, first + timedelta(minutes=2)),
    )


def night() -> ShiftSection:
    """00:00 to 08:00: the alarm, and the dispute about it."""
    kinds = ENTRY_KINDS
    entries = (
        EntryLine(
            at("00:20"), kinds["notice"], "接上级通知，02:00–04:00 割接城东汇聚交换机。", WANG, at("00:24")
        ),
        EntryLine(
            at("02:13"),
            kinds["abnormal"],
            "3号配线架出现红色告警，约 40 路来话无法接入，已切换至备用中继，话务恢复。割接窗口内，初步判断与割接有关。",
            WANG,
            at("02:16"),
            asset="配线架 MDF-03",
            department="维护中心",
            told=(Told("维护 张工", at("02:15")), Told("值班经理 钱志远", at("02:20"))),
            outcome="告警未消除，遗留下一班",
        ),
        EntryLine(
            at("03:40"),
            kinds["complaint"],
            "VIP 用户申告宽带中断，要求两小时内答复。",
            CREW[1],
            seat="02",
            told=(Told("维护 张工", at("03:46")),),
            outcome="已派单 20261124-0071",
            vip=True,
        ),
        EntryLine(at("05:05"), kinds["other"], "", CREW[2], at("05:09"), seat="03", confidential=True),
    )
    items = (
        ItemLine(
            "宽带申告 0571-8xxx4410",
            reason="维护未到场",
            next_step="08:30 前催维护并回复用户",
            owner="刘洋",
            vip=True,
            due_at=at("09:40"),
        ),
        ItemLine(
            "3号配线架告警",
            reason="等待割接后复核",
            next_step="割接结束后请维护现场复核并回告",
            owner="周敏",
            due_at=at("10:00"),
        ),
    )
    dispute = DisputeLine(
        "3号配线架",
        "交班称告警已于 06:50 消除；接班核对时红灯仍亮。双方同看网管，确认告警仍在，按遗留事项交接。",
        WANG,
        ZHOU,
        "值班经理 钱志远",
        at("07:54"),
    )
    return _sealed(
        ShiftSection(
            "夜班",
            "甲班",
            at("00:00"),
            at("08:00"),
            (WANG,),
            8,
            7,
            entries=entries,
            items=items,
            checklist=_checklist(True),
            disputes=(dispute,),
            reliefs=_seats(CREW[:6], CREW[2:], at("07:50")),
            shift_en="Night",
            state=LogState.SEALED,
            cutoff_at=at("07:46"),
            signatures=_signed(WANG, ZHOU, at("07:56")),
        )
    )


def morning() -> ShiftSection:
    """08:00 to 16:00: visitors, and a late operator."""
    kinds = ENTRY_KINDS
    entries = (
        EntryLine(
            at("08:35"),
            kinds["complaint"],
            "回访 VIP 宽带申告用户，告知维护 09:00 到场。",
            CREW[1],
            outcome="用户同意等待",
            vip=True,
        ),
        EntryLine(
            at("09:20"), kinds["work_order"], "VIP 宽带恢复，用户确认满意。", CREW[1], outcome="已回单，销案"
        ),
        EntryLine(
            at("10:02"),
            kinds["equipment"],
            "华信公司更换 3号配线架告警板，换板后告警消除。",
            ZHOU,
            asset="配线架 MDF-03",
            department="维护中心",
            outcome="观察至 18:00",
        ),
        EntryLine(
            at("11:30"),
            kinds["spot_check"],
            "抽查录音 10 条，规范用语 10/10。",
            SUN,
            told=(Told("周敏", at("11:40")),),
        ),
        EntryLine(
            at("14:00"),
            kinds["information"],
            "资费：校园套餐 12 月 1 日起调整，资料已换新。",
            ZHOU,
            version=2,
            attachments=("校园套餐说明.pdf", "通知 2026-118"),
        ),
        EntryLine(
            at("14:20"),
            kinds["work_order"],
            "网管告警：城东 OLT-17 上联口误码。",
            ZHOU,
            department="维护中心",
            count=14,
            last_at=at("15:02"),
            due_at=at("17:30"),
            answered_at=at("15:10"),
        ),
    )
    item = ItemLine(
        "3号配线架换板后观察",
        reason="需观察 8 小时",
        next_step="18:00 查看网管，无告警即销",
        owner="赵磊",
        due_at=at("18:00"),
    )
    people = tuple(
        AttendanceLine(
            person, f"{seat:02}", "late" if seat == 2 else "on duty", at("08:06" if seat == 2 else "07:47")
        )
        for seat, person in enumerate(CREW[:6], start=1)
    )
    return _sealed(
        ShiftSection(
            "早班",
            "乙班",
            at("08:00"),
            at("16:00"),
            (ZHOU,),
            8,
            8,
            people=people,
            entries=entries,
            items=(item,),
            checklist=_checklist(False),
            shift_en="Morning",
            state=LogState.SEALED,
            cutoff_at=at("15:45"),
            signatures=_signed(ZHOU, ZHAO, at("15:55")),
        )
    )


def middle() -> ShiftSection:
    """16:00 to midnight: quiet, signed by a stand-in after midnight."""
    kinds = ENTRY_KINDS
    entries = (
        EntryLine(at("18:05"), kinds["equipment"], "查看网管，3号配线架无告警，销案。", ZHAO, outcome="已清"),
        EntryLine(
            at("20:40"),
            kinds["complaint"],
            "用户投诉等待时间长，致歉并登记。",
            CREW[4],
            seat="05",
            outcome="用户满意",
        ),
        EntryLine(
            at("22:31"),
            kinds["abnormal"],
            "何芳离席超时 1 分。",
            ZHAO,
            seat="03",
            told=(Told("本人", at("22:32")),),
        ),
    )
    signatures = (
        SignatureLine(Side.OUTGOING, ZHAO, at("23:54")),
        SignatureLine(Side.INCOMING, SUN, at("00:01", 25), "代 王建国 接班：王建国途中车辆故障"),
    )
    return _sealed(
        ShiftSection(
            "中班",
            "丙班",
            at("16:00"),
            at("00:00", 25),
            (ZHAO,),
            8,
            8,
            entries=entries,
            checklist=_checklist(False),
            shift_en="Middle",
            state=LogState.SEALED,
            cutoff_at=at("23:46"),
            signatures=signatures,
        )
    )


def _findings() -> tuple[FindingLine, ...]:
    return (
        FindingLine("relief_late", 21, at("07:53"), CREW[4], (("minutes", "3"),)),
        FindingLine("duty_late", 21, at("08:06"), CREW[1], (("minutes", "16"),)),
        FindingLine("entry_refused", 20, at("09:12"), None, (("why", "Unknown badge"),)),
        FindingLine("handover_disputed", 23, at("07:52"), WANG, (("subject", "3号配线架"),)),
        FindingLine("permit_overrun", 14, at("22:31"), CREW[2], (("minutes", "1"),)),
        FindingLine("left_before_relief", 24, at("07:49"), CREW[3]),
    )


def _limits() -> tuple[LimitLine, ...]:
    names = ("relief_early_minutes", "escort_window_seconds", "notify_within_minutes")
    return tuple(
        LimitLine(BY_NAME[n].label, DEFAULT_LIMITS[n], BY_NAME[n].unit, BY_NAME[n].article, LIMITS_VERSION)
        for n in names
    )


def _figures() -> tuple[FigureLine, ...]:
    """Three kinds over three shifts: one below its target, one corrected, one that nobody entered in time."""
    shifts = [(s.shift, s.shift_en) for s in (night(), morning(), middle())]
    figures = (
        ("calls in", "calls", "", "", ("412", "1,385", "1,204")),
        ("answered within 20 s", "%", "", "≥ 80.0", ("91.4", "78.6", "")),
        ("夜间 VIP 来话", "次", "VIP calls at night", "≤ 40", ("38", "—", "12")),
    )
    return tuple(
        FigureLine(
            name,
            value,
            target,
            shift,
            name_en,
            shift_en,
            unit,
            missed=value == "78.6",
            overdue=not value,
            corrected=value == "412",
        )
        for name, unit, name_en, target, values in figures
        for (shift, shift_en), value in zip(shifts, values, strict=True)
        if value != "—"
    )


def _spot_checks() -> tuple[SpotCheckLine, ...]:
    """One link in order, one with a problem that was told, one that nobody checked."""
    return (
        SpotCheckLine("answering calls", "", at("10:12"), "王建国(1003)", "", "good"),
        SpotCheckLine(
            "standard speech",
            "",
            at("10:40"),
            "王建国(1003)",
            "刘洋(1021)",
            "problem",
            "未报工号，结束语不完整，已当场纠正",
            "刘洋(1021)",
            at("10:45"),
        ),
        SpotCheckLine("经理热线", "manager's hot line"),
    )


def sample_day() -> DailyLog:
    """The whole day, sealed."""
    visitors = (
        VisitorLine(
            "李伟",
            "华信公司",
            "设备维护 工单 4471",
            "周敏",
            "陈静",
            "访客 03",
            entered_at=at("09:31"),
            left_at=at("10:20"),
        ),
        VisitorLine(
            "吴桂花", "洁美保洁", "保洁", "周敏", "马超", "访客 01", VisitState.INSIDE, entered_at=at("23:40")
        ),
    )
    log = DailyLog(
        "城东客服中心",
        ZONE,
        DAY,
        (night(), morning(), middle()),
        visitors,
        (DoorLine("机房门", 96, 94, 1, 2, 12),),
        figures=_figures(),
        spot_checks=_spot_checks(),
        findings=_findings(),
        limits=_limits(),
        heads=(Head("door:main", 18234, "9f3c" * 16), Head("audit", 40211, "07be" * 16)),
    )
    return replace(log, digest=content_digest(log))


def empty_day() -> DailyLog:
    """A day on which nothing is recorded yet, not even a shift."""
    return DailyLog("城东客服中心", ZONE, DAY)


def busy_day() -> DailyLog:
    """One shift with 150 entries, every third a long paragraph."""
    long = "用户来电反映家庭宽带晚间频繁掉线，已按流程核对光猫指示灯、重启设备并测速，仍未恢复;" * 6
    entries = tuple(
        EntryLine(
            at("16:00") + timedelta(minutes=2 * place),
            ENTRY_KINDS["complaint"],
            f"第 {place} 条：{long if place % 3 == 0 else '已答复用户。'}",
            CREW[place % 8],
            seat=f"{place % 8 + 1:02}",
            outcome="已派单",
        )
        for place in range(1, 151)
    )
    log = replace(sample_day(), shifts=(replace(middle(), entries=entries, digest=""),))
    return replace(log, digest=content_digest(log))
