"""Swaps in words: a leg, what became of a request, a warning about someone's rest, news of it (Art. 38)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual.content import Content

from locales import N_, _, language
from operations.notices import (
    SWAP_AGREED,
    SWAP_ASKED,
    SWAP_CONSENTED,
    SWAP_LAPSED,
    SWAP_OVER_DRAFT,
    SWAP_REFUSED,
    SWAP_WITHDRAWN,
)
from regulation.swaps import SwapState
from tui.cells import clock_time, day_time, elapsed, harmless, joined, plain

if TYPE_CHECKING:
    from operations.notices import Notice
    from operations.swap_rest import SideWarning
    from operations.swap_views import ComingDuty, LegRow, PartyRow, SwapRow

STATE_LOOKS: Mapping[SwapState, tuple[str, str, str]] = {
    SwapState.ASKED: ("!", "$attention", N_("waits for agreement")),
    SwapState.AGREED: ("!", "$attention", N_("waits for consent")),
    SwapState.CONSENTED: ("✓", "$ok", N_("consented")),
    SwapState.REFUSED: ("✗", "$breach", N_("declined")),
    SwapState.WITHDRAWN: ("·", "$past", N_("withdrawn")),
    SwapState.LAPSED: ("·", "$past", N_("lapsed")),
}
WAITS_WORDS: Mapping[str, str] = {
    "agreement": N_("waits for my agreement"),
    "consent": N_("waits for my consent"),
}
NEWS_WORDS: Mapping[str, str] = {
    SWAP_ASKED: N_("{giver} → {taker}, {date} {shift}: a swap waits for your agreement (5 Leave & swaps)."),
    SWAP_AGREED: N_("{giver} → {taker}, {date} {shift}: a swap waits for a leader's consent (Art. 38)."),
    SWAP_CONSENTED: N_("The swap is in force: {date} {shift}, {giver} → {taker}."),
    SWAP_REFUSED: N_("The swap was refused: {date} {shift}, {giver} → {taker}."),
    SWAP_WITHDRAWN: N_("The swap was withdrawn: {date} {shift} stays with {giver}."),
    SWAP_LAPSED: N_("Nobody settled the swap in time: {date} {shift} stays with {giver} (Art. 38)."),
    SWAP_OVER_DRAFT: N_(
        "A swap changed {date} {shift}, {giver} → {taker}: your plan for these people and that day left the draft."
    ),
}


def swap_news(notice: Notice) -> str:
    """What a person is told of a swap."""
    details = notice.details
    shift = own_shift(details["shift"], details["shift_en"])
    return _(NEWS_WORDS[notice.kind]).format(
        giver=details["giver"], taker=details["taker"], date=details["date"][5:], shift=shift
    )


def own_shift(name: str, name_en: str) -> str:
    """A shift's name in the reader's language."""
    return harmless(name if language() == "zh_CN" else name_en or name)


def hours_words(begin: datetime, end: datetime, zone: tzinfo) -> str:
    """``22:00–06:00`` by the centre's clock."""
    return f"{clock_time(begin, zone)}–{clock_time(end, zone)}"


def leg_content(leg: LegRow, zone: tzinfo) -> Content:
    """Which duty, which part of it, from whom to whom."""
    part = Content("") if leg.whole else plain(hours_words(leg.from_at, leg.until_at, zone), "$info")
    when = plain(f"{leg.date:%m-%d} {own_shift(leg.shift, leg.shift_en)}", "bold")
    return joined([when, part, plain(f"{leg.giver} → {leg.taker}")], " ")


def short_name(named: str) -> str:
    """``陈静`` of ``陈静(1017)``."""
    return named.partition("(")[0]


def swap_content(swap: SwapRow) -> Content:
    """A request in one line: who with whom, and the duty it starts with."""
    first = swap.legs[0]
    sign = "⇄" if len(swap.legs) == 2 and swap.legs[1].taker == first.giver else "→"
    names = [short_name(first.giver), *(short_name(leg.taker) for leg in swap.legs)]
    people = f" {sign} ".join(names[: 2 if sign == "⇄" else len(names)])
    what = f"{first.date:%m-%d} {own_shift(first.shift, first.shift_en)}"
    part = "" if first.whole else _(" (part)")
    return Content.assemble(plain(people, "bold"), " ", plain(what + part))


def waiting_swap_cells(swap: SwapRow, now: datetime, _zone: tzinfo) -> list[Content]:
    """What waits for one's word, of which kind, and since when."""
    return [
        Content.assemble(("! ", "$attention bold"), swap_content(swap)),
        plain(_(WAITS_WORDS[swap.waits_for_me])),
        Content.styled(elapsed(now - swap.asked_at), "$attention"),
    ]


def history_cells(swap: SwapRow, now: datetime, zone: tzinfo) -> list[Content]:
    """A swap with what became of it."""
    sign, style, words = STATE_LOOKS[swap.state]
    who = swap.decided_by or swap.closed_by
    return [
        Content.styled(sign, style),
        swap_content(swap),
        Content.styled(_(words), style),
        plain(short_name(who), "$faint"),
        plain(day_time(swap.asked_at, now, zone), "$faint"),
    ]


def duty_cells(duty: ComingDuty, zone: tzinfo) -> list[Content]:
    """A duty to come, with what is asked about it."""
    if duty.open_swap:
        mark = Content.styled(_("swap asked for"), "$attention")
    elif duty.leave:
        mark = Content.styled(_("on leave"), "$info")
    elif duty.origin == "swap":
        mark = Content.styled(_("from a swap"), "$info")
    else:
        mark = Content("")
    return [
        plain(f"{duty.date:%m-%d}"),
        plain(own_shift(duty.shift, duty.shift_en), "bold"),
        plain(hours_words(duty.starts_at, duty.ends_at, zone)),
        plain(duty.seat),
        mark,
    ]


def party_content(party: PartyRow, now: datetime, zone: tzinfo) -> Content:
    """Whether someone has agreed, when, and who spoke for them."""
    if party.agreed_at is None:
        return Content.assemble(
            ("□ ", "$attention"), plain(party.person), " ", (_("has not agreed yet"), "$faint")
        )
    at = day_time(party.agreed_at, now, zone)
    spoke = (
        _("by {leader}: {reason}").format(leader=party.agreed_by, reason=party.reason)
        if party.agreed_by
        else ""
    )
    return joined(
        [
            Content.assemble(("✓ ", "$ok"), plain(party.person)),
            plain(at, "$faint"),
            plain(spoke, "$attention"),
        ]
    )


def warning_content(side: SideWarning) -> Content:
    """Whose rest would be broken, how, and which law or house rule says so."""
    from operations.swap_listings import warning_words

    return Content.assemble(("! ", "$attention bold"), plain(warning_words(side)))
