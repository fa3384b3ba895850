"""The reader formats by name: for each a decoder and, for simulators, its encoder.

A new format is one module with a decoder and an encoder, and one line in each table here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, Protocol

from hardware.events import DecoderEvent
from hardware.line import LineDecoder, encode_line
from hardware.rdm6300 import Rdm6300Decoder, encode_rdm6300
from hardware.wiegand import encode_wiegand26, encode_wiegand34, wiegand26_decoder, wiegand34_decoder
from locales import _
from settings import ZhibanError


class Decoder(Protocol):
    """Bytes in, frozen events out. Opens nothing, sleeps nowhere, holds a bounded buffer.

    The events do not depend on how the bytes were cut into chunks, and after any noise the next whole frame
    is read.
    """

    def feed(self, data: bytes) -> list[DecoderEvent]:
        """Return the events that ``data`` completes, in the order of their last bytes."""
        ...

    def close(self) -> list[DecoderEvent]:
        """Return what is left at the end of the stream, and start anew."""
        ...


FORMATS: Final[Mapping[str, Callable[[], Decoder]]] = MappingProxyType(
    {
        "line": LineDecoder,
        "rdm6300": Rdm6300Decoder,
        "id12": partial(Rdm6300Decoder, id12=True),
        "wiegand26": wiegand26_decoder,
        "wiegand34": wiegand34_decoder,
    }
)
ENCODERS: Final[Mapping[str, Callable[[str], bytes]]] = MappingProxyType(
    {
        "line": encode_line,
        "rdm6300": encode_rdm6300,
        "id12": partial(encode_rdm6300, id12=True),
        "wiegand26": encode_wiegand26,
        "wiegand34": encode_wiegand34,
    }
)


def decoder_factory(format_name: str) -> Callable[[], Decoder]:
    """Return the maker of decoders for ``format_name``. Raises ``ZhibanError`` for a format we do not know."""
    if format_name not in FORMATS:
        raise unknown_format(format_name)
    return FORMATS[format_name]


def encoder(format_name: str) -> Callable[[str], bytes]:
    """Return the function that frames a badge. Raises ``ZhibanError`` for a format we do not know."""
    if format_name not in ENCODERS:
        raise unknown_format(format_name)
    return ENCODERS[format_name]


def unknown_format(format_name: str) -> ZhibanError:
    """Return the error that names the formats there are."""
    return ZhibanError(
        _("There is no reader format {name}.").format(name=repr(format_name)),
        next_step=_("Choose one of: {names}.").format(names=", ".join(FORMATS)),
    )
