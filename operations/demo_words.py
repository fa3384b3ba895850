"""What people of the demo centre write and say: entries, open items, visitors, permits and disputes.

The centre's own words, as its leaders would write them; they are data, not the program's text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class EntryWords:
    """An entry of the log. With ``item`` it opens an item, which ends in ``outcome`` or goes on as ``next_step``."""

    kind: str
    text: str
    department: str = ""
    told: str = ""
    asset: str = ""
    vip: bool = False
    item: str = ""
    outcome: str = ""
    reason: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class VisitorWords:
    """A visitor: who, from where, and why. With ``company_number`` it is a colleague with an own badge."""

    name: str
    unit: str
    reason: str
    reference: str = ""
    phone: str = ""
    company_number: str = ""
    job_title: str = ""
    carried: str = ""


@dataclass(frozen=True, slots=True)
class DisputeWords:
    """A dispute of a handover: the line it is about (its place in the checklist), both accounts, who was told."""

    line: int
    account: str
    told: str


# {phone}, {place} and {seat} are filled in when the entry is written; an item's title begins with words of its own.
ENTRIES: Mapping[str, EntryWords] = {
    "broadband": EntryWords(
        "complaint", "用户 {phone} 申告宽带频繁掉线，光猫 LOS 灯闪烁，测速正常后复现。", "装维中心",
        item="宽带掉线待上门 {phone}", outcome="装维更换跳纤，回访用户满意", reason="用户约明日在家",
        next_step="约定时段前半小时电话提醒装维",
    ),
    "slow": EntryWords(
        "complaint", "用户 {phone} 反映晚间网速慢，测速 38 M（套餐 300 M），已远程重启光猫。", "网络维护中心",
        item="网速慢待复测 {phone}", outcome="扩容后晚高峰复测 287 M，用户认可", reason="晚高峰时段才能复测",
        next_step="今晚 20 时复测并回复用户",
    ),
    "iptv": EntryWords(
        "complaint", "用户 {phone} IPTV 卡顿花屏，{place}第二户，疑分光器问题。", "网络维护中心",
        item="IPTV 花屏 {place}", outcome="维护调整分光器端口，两户均恢复", reason="待维护夜间割接",
        next_step="割接后回访两户用户",
    ),
    "billing": EntryWords(
        "complaint", "用户 {phone} 对上月套餐外流量计费有争议，要求核对详单。", "计费中心",
        item="计费争议 {phone}", outcome="核对后退费 36.50 元，用户认可", reason="计费中心次日上班后核对",
        next_step="催计费中心出核对单并回复用户",
    ),
    "repeated": EntryWords(
        "complaint", "用户 {phone} 第二次来电催修固话，情绪激动，已安抚并升级催单。", "线务中心",
        item="催修固话 {phone}", outcome="线务当日修复，班长回访致歉", reason="线务在途",
        next_step="一小时后再催线务并回电用户",
    ),
    "telephone": EntryWords(
        "work_order", "固话 {phone} 无拨号音，测量台测得断线，已派障碍单。", "线务中心",
        item="固话障碍 {phone}", outcome="线务接续交接箱端子，通话正常", reason="交接箱需白天施工",
        next_step="上午首单催修",
    ),
    "hospital": EntryWords(
        "work_order", "大客户市二医院专线时延升高，业务可用，已通知客户经理跟进。", "大客户部", vip=True,
        item="大客户专线 市二医院 时延升高", outcome="传输倒换后时延恢复 4 ms，客户确认",
        reason="传输侧定位中", next_step="每两小时向客户通报一次进展",
    ),
    "bank": EntryWords(
        "work_order", "大客户城东支行 ATM 专线中断 6 分钟自恢复，客户要求书面说明。", "大客户部", vip=True,
        item="城东支行专线中断说明", outcome="说明函由客户经理送达", reason="等传输中心告警分析",
        next_step="取得分析结论后起草说明",
    ),
    "move": EntryWords("work_order", "用户 {phone} 固话宽带移机至{place}，已约装维后日上午上门。", "装维中心"),
    "police": EntryWords("information", "114 查询：{place}派出所报装新号码，资料库已更新，旧号码保留改号通知一个月。"),
    "wrong": EntryWords("information", "114 查询：用户反映{place}某饭店号码错误，经核对已更正并复听录音。"),
    "renamed": EntryWords("information", "114 查询：{place}卫生院更名，登记名称和别名已同步。"),
    "cutover": EntryWords("notice", "市公司通知：本周六 0 时至 4 时核心路由器割接，宽带申告按统一口径答复。"),
    "tariff": EntryWords("notice", "新资费「智慧家庭 129」即将上线，答疑材料已发各座席，请班前学习。"),
    "recordings": EntryWords("spot_check", "抽查 {seat} 席录音三条：首问、报工号规范，语速偏快已当面提醒。"),
    "callbacks": EntryWords("spot_check", "抽查工单回访环节 10 张，超时 1 张，已当面告知责任人并补回访。"),
    "queue": EntryWords("spot_check", "抽查排队环节：20 秒接通率 93.4%，最长等待 71 秒，已记录。"),
    "headset": EntryWords("equipment", "{seat} 席耳麦有电流声，更换备用耳麦后正常，坏件登记送修。", asset="耳麦"),
    "disk": EntryWords("equipment", "录音服务器磁盘占用 82%，按规程清理过期缓存。", asset="录音服务器 REC-1"),
    "trunk": EntryWords(
        "abnormal", "排队机出现 2 条中继告警，接通率未受影响。", told="维护值班 张伟", asset="排队机 ACD-2",
        item="排队机中继告警观察", outcome="维护更换 2M 线头，告警消失", reason="维护要求观察一个班次",
        next_step="每小时看一次中继占用",
    ),
    "power": EntryWords("abnormal", "市电闪断一次，UPS 切换正常，座席无掉话。", told="动力维护 李强", asset="UPS-1"),
    "surge": EntryWords("abnormal", "{place}片区话务突增，疑光缆故障，已启用应急语音。", told="网络维护值班 李强"),
    "praise": EntryWords("other", "用户来电表扬 {seat} 席耐心指导设置路由器，已登记。"),
}  # fmt: skip

PLACES: tuple[str, ...] = (
    "翠苑二区", "采荷", "景芳五区", "三里亭", "闸弄口", "九堡", "笕桥", "丁桥", "凯旋路", "下沙高教园",
)  # fmt: skip


def filled(words: EntryWords, phone: str, place: str, seat: str) -> EntryWords:
    """Return an entry with its blanks filled in."""
    given = {"phone": phone, "place": place, "seat": seat}
    return replace(words, text=words.text.format(**given), item=words.item.format(**given))


def words_of_item(title: str) -> EntryWords:
    """Return the entry that an open item's title came from."""
    return next(
        words for words in ENTRIES.values() if words.item and title.startswith(words.item.partition("{")[0])
    )


VISITORS: tuple[VisitorWords, ...] = (
    VisitorWords(
        "李伟",
        "华信通信设备公司",
        "maintenance",
        "工单 4471",
        "139 5710 2231",
        job_title="工程师",
        carried="笔记本电脑、光功率计",
    ),
    VisitorWords(
        "钱江涛",
        "恒达空调服务部",
        "maintenance",
        "工单 4480",
        "136 0681 7745",
        job_title="维修工",
        carried="工具箱",
    ),
    VisitorWords(
        "周国强", "市公司网络运维部", "inspection", "检查函 2026-11", "133 5888 1012", job_title="主管"
    ),
    VisitorWords(
        "杨雪", "洁美保洁公司", "cleaning", "", "158 6812 3390", job_title="保洁员", carried="清洁用具"
    ),
    VisitorWords("沈文", "省公司客服部参观组", "tour", "林副经理批准", "180 5712 0003", job_title="领队"),
    VisitorWords(
        "方大海",
        "顺通物流",
        "delivery",
        "打印纸 10 箱",
        "137 3549 8826",
        job_title="送货员",
        carried="打印纸 10 箱",
    ),
    VisitorWords(
        "张伟",
        "公司设备维护中心",
        "maintenance",
        "工单 4486",
        company_number="4001",
        job_title="维护工程师",
        carried="备用板卡",
    ),
    VisitorWords(
        "李强", "公司传输中心", "maintenance", "工单 4490", company_number="4002", job_title="传输工程师"
    ),
)

PERMIT_REASONS: tuple[str, ...] = (
    "去卫生间",
    "到资料室取资料",
    "接待用户来访",
    "身体不适，吃药休息",
    "领取备件",
)

DISPUTES: tuple[DisputeWords, ...] = (
    DisputeWords(1, "交班称已清洁，接班发现 04 席台面有水渍；双方当场清理。", "大班长 吴志刚"),
    DisputeWords(2, "07 席话机按键失灵，交班未登记；双方确认为本班内发生。", "大班长 吴志刚"),
    DisputeWords(3, "资料柜备用钥匙少一把，双方清点后确认缺失。", "副经理 林慧敏"),
)
