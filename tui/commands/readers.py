"""Commands at the wire: virtual readers, what a real one sends, bytes from a file, and the keys of an OSDP reader."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from locales import _
from settings import Home, ZhibanError
from tui.commands.answers import home_of, stop_on_signals
from tui.commands.toolkit import USAGE_EXIT

if TYPE_CHECKING:
    from hardware.osdp_device import VirtualOsdpReader

OSDP = "osdp"
READ_BYTES = 65536


def _format_option(*before: str, bus: bool = False) -> Any:
    from hardware.decoders import FORMATS

    choices = ", ".join((*before, *FORMATS, *([OSDP] if bus else [])))
    return typer.Option("--format", help=_("what the reader speaks: {choices}").format(choices=choices))


def reader(
    ctx: typer.Context,
    format_name: Annotated[str, _format_option(bus=True)] = "line",
    name: Annotated[str, typer.Option(help=_("what zhiban scan calls it"))] = "in",
    link: Annotated[Path | None, typer.Option(help=_("a path that always leads to the port"))] = None,
    address: Annotated[int, typer.Option(min=0, max=126, help=_("its number on an OSDP bus"))] = 0,
) -> None:
    """``zhiban reader``."""
    from hardware.ports import control_path, virtual_reader
    from hardware.swipe import serve

    home = home_of(ctx)
    orders = control_path(home.run_folder, name)
    stop = stop_on_signals()
    device = (
        _osdp_reader(home, name, link, address) if format_name == OSDP else virtual_reader(format_name, link)
    )
    with device, serve(device, orders):
        typer.echo(device.path)
        typer.echo(
            _("Swipe with: zhiban scan BADGE --reader {name} (Ctrl-C ends)").format(name=name), err=True
        )
        stop.wait()


def _osdp_reader(home: Home, name: str, link: Path | None, address: int) -> VirtualOsdpReader:
    """A reader on a bus of its own: with the key this home holds for it, else in install mode."""
    from hardware.osdp_device import virtual_osdp_reader
    from hardware.osdp_keys import known_key
    from hardware.ports import under_name

    key = known_key(home.osdp_key_file, name)
    if key is None:
        typer.echo(
            _("In install mode: give it a key with zhiban osdp-key {name}").format(name=name), err=True
        )
    return under_name(link, lambda place: virtual_osdp_reader(place, address, key))


def osdp_key(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("the reader's name in settings.toml"))],
) -> None:
    """``zhiban osdp-key``."""
    from hardware.osdp_keys import set_up_key
    from hardware.osdp_post import OsdpReaderSettings

    home = home_of(ctx)
    named = {each.name: each for each in home.settings.kiosk.readers if each.format == OSDP}
    if name not in named:
        raise ZhibanError(
            _("There is no OSDP reader called {name} in settings.toml; there are: {names}.").format(
                name=name, names=", ".join(named) or "—"
            ),
            next_step=_("Write it there with format = 'osdp', its port, address and baudrate."),
        )
    wanted = named[name]
    typer.echo(_("Talking to reader {name} at {port}…").format(name=name, port=wanted.port), err=True)
    post = OsdpReaderSettings(wanted.name, wanted.address)
    set_up_key(home.osdp_key_file, wanted.port, post, baudrate=wanted.baudrate)
    typer.echo(_("Reader {name} has a key of its own now.").format(name=name))
    typer.echo(
        _("The key is in {file}: keep a copy where only you can read it.").format(file=home.osdp_key_file)
    )


def scan(
    ctx: typer.Context,
    badge: Annotated[str, typer.Argument(metavar="BADGE", help=_("badge id as the reader sends it"))],
    reader_name: Annotated[
        str, typer.Option("--reader", help=_("which virtual reader, if several run"))
    ] = "",
) -> None:
    """``zhiban scan``."""
    from hardware.ports import control_path, only_virtual_reader
    from hardware.swipe import send_swipe

    folder = home_of(ctx).run_folder
    name = reader_name or only_virtual_reader(folder)
    send_swipe(control_path(folder, name), badge)
    typer.echo(_("Swiped at reader {name}.").format(name=name))


def sniff(
    port: Annotated[str, typer.Option(metavar="URL", help=_("device or pyserial URL"))],
    format_name: Annotated[str, _format_option("auto")] = "auto",
    seconds: Annotated[float, typer.Option(min=0, help=_("end after so many seconds"))] = 0,
    baudrate: Annotated[int, typer.Option(min=50, help=_("speed of the line"))] = 9600,
    as_json: Annotated[bool, typer.Option("--json", help=_("one JSON object a line"))] = False,
) -> None:
    """``zhiban sniff``."""
    from hardware.sniff import sniff as sniffed
    from hardware.sniffed import sniffed_json, sniffed_line

    stop = stop_on_signals()
    if seconds:
        timer = threading.Timer(seconds, stop.set)
        timer.daemon = True
        timer.start()
    for heard in sniffed(port, format_name, stop=stop, baudrate=baudrate):
        typer.echo(json.dumps(sniffed_json(heard), ensure_ascii=False) if as_json else sniffed_line(heard))


def decode(format_name: Annotated[str, _format_option()]) -> None:
    """``zhiban decode``."""
    from hardware.decoders import decoder_factory
    from hardware.events import event_json

    try:
        decoder = decoder_factory(format_name)()
    except ZhibanError as error:
        sys.stderr.write(f"{error}\n{error.next_step}\n")
        raise typer.Exit(USAGE_EXIT) from error
    for data in _standard_input():
        for event in decoder.feed(data) if data else decoder.close():
            typer.echo(json.dumps(event_json(event)))


def _standard_input() -> Iterator[bytes]:
    """Yield bytes as they come, and an empty piece at the end."""
    while data := os.read(sys.stdin.fileno(), READ_BYTES):
        yield data
    yield b""
