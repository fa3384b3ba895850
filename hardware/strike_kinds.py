"""Which strike the settings ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hardware.inputs import LineSwitch
from hardware.modbus_relay import ModbusRelayStrike
from hardware.strike import ModemLineStrike, NoStrike, RelayBoardStrike, Strike
from locales import _
from settings import Strike as StrikeSettings
from settings import ZhibanError

if TYPE_CHECKING:
    from hardware.osdp_bus import OsdpBus


def strike_from_settings(
    strike: StrikeSettings, *, switches: Sequence[LineSwitch] = (), bus: OsdpBus | None = None
) -> Strike:
    """Return the strike of ``strike.kind``; ``switches`` share its port, ``bus`` has its OSDP reader."""
    match strike.kind:
        case "relay":
            return RelayBoardStrike(strike.port, strike.channel, switches)
        case "modbus":
            return ModbusRelayStrike(strike.port, strike.channel, strike.address, switches)
        case "rts" | "dtr":
            return ModemLineStrike(strike.port, strike.kind, switches)
        case "osdp":
            return _osdp_strike(strike, bus)
        case "none":
            return NoStrike()


def _osdp_strike(strike: StrikeSettings, bus: OsdpBus | None) -> Strike:
    if bus is None:
        raise ZhibanError(
            _("There is no OSDP reader called {name}.").format(name=repr(strike.reader)),
            next_step=_("Name one of the readers with format osdp."),
        )
    from hardware.osdp_strike import OsdpStrike

    return OsdpStrike(bus, strike.reader, strike.channel)
