"""The desk's three looks. Colour always means something and always has a word or a sign beside it.

``$ok`` in order, ``$attention`` wants attention, ``$breach`` breach or refusal, ``$info`` information, ``$past`` over;
``$rule`` draws thin lines, ``$faint`` is for labels. Screens use these names and no colours of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.theme import Theme

from locales import N_

NIGHT, DAY, CONTRAST = "night", "day", "contrast"


@dataclass(frozen=True)
class Palette:
    """The colours one look is made of."""

    background: str
    surface: str
    panel: str
    text: str
    faint: str
    rule: str
    cursor: str
    cursor_idle: str
    cursor_text: str
    accent: str
    ok: str
    breach: str
    info: str
    past: str


_NIGHT = Palette(
    background="#151b22",
    surface="#1b232c",
    panel="#222c37",
    text="#d9dee4",
    faint="#8e9aa7",
    rule="#34414e",
    cursor="#37495b",
    cursor_idle="#232e39",
    cursor_text="#f3f6f9",
    accent="#e6ae57",
    ok="#86bf86",
    breach="#f0807c",
    info="#7db7e3",
    past="#7f8b98",
)
_DAY = Palette(
    background="#f6f3ec",
    surface="#efeae0",
    panel="#e6dfd2",
    text="#22282e",
    faint="#5b6169",
    rule="#c9c0b0",
    cursor="#cfdce8",
    cursor_idle="#e7e4dc",
    cursor_text="#10161c",
    accent="#8a5200",
    ok="#1f6a32",
    breach="#ab1f1a",
    info="#1a568f",
    past="#646b72",
)
_CONTRAST = Palette(
    background="#000000",
    surface="#000000",
    panel="#101010",
    text="#ffffff",
    faint="#d0d0d0",
    rule="#9a9a9a",
    cursor="#003a80",
    cursor_idle="#3c3c3c",
    cursor_text="#ffffff",
    accent="#ffd500",
    ok="#5dff7f",
    breach="#ff8f8f",
    info="#7fd4ff",
    past="#c4c4c4",
)
PALETTES: dict[str, Palette] = {NIGHT: _NIGHT, DAY: _DAY, CONTRAST: _CONTRAST}
THEME_NAMES: dict[str, str] = {NIGHT: N_("night"), DAY: N_("day"), CONTRAST: N_("high contrast")}


def theme_variables(palette: Palette) -> dict[str, str]:
    """Return the names screens may use in their styles, and the toolkit's own that we set."""
    return {
        "ok": palette.ok,
        "attention": palette.accent,
        "breach": palette.breach,
        "info": palette.info,
        "past": palette.past,
        "rule": palette.rule,
        "faint": palette.faint,
        "cursor": palette.cursor,
        "cursor-idle": palette.cursor_idle,
        "cursor-text": palette.cursor_text,
        "text": palette.text,
        "text-muted": palette.faint,
        "foreground-muted": palette.faint,
        "border": palette.accent,
        "border-blurred": palette.rule,
        "block-cursor-background": palette.cursor,
        "block-cursor-foreground": palette.cursor_text,
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": palette.cursor_idle,
        "block-cursor-blurred-foreground": palette.text,
        "input-cursor-background": palette.accent,
        "input-cursor-foreground": palette.background,
        "input-selection-background": palette.cursor,
        "scrollbar": palette.rule,
        "scrollbar-hover": palette.faint,
        "scrollbar-active": palette.accent,
        "scrollbar-background": palette.background,
        "scrollbar-background-hover": palette.background,
        "scrollbar-background-active": palette.background,
        "scrollbar-corner-color": palette.background,
        "footer-key-foreground": palette.accent,
    }


def _theme(name: str, palette: Palette) -> Theme:
    return Theme(
        name=name,
        primary=palette.info,
        secondary=palette.info,
        accent=palette.accent,
        warning=palette.accent,
        error=palette.breach,
        success=palette.ok,
        foreground=palette.text,
        background=palette.background,
        surface=palette.surface,
        panel=palette.panel,
        dark=name != DAY,
        variables=theme_variables(palette),
    )


THEMES: tuple[Theme, ...] = tuple(_theme(name, palette) for name, palette in PALETTES.items())
