"""Visible text in the reader's language.

Messages are written in English in the code and looked up in the gettext catalogues beside this file
(``zh_CN`` and ``en``). The language can change while a screen is up, so text that is built at import time
is only *marked* with :func:`N_` and translated with :func:`_` at the moment it is shown.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LANGUAGES = ("zh_CN", "en")
DEFAULT_LANGUAGE = "zh_CN"

_FOLDER = Path(__file__).parent
_catalogues: dict[str, gettext.NullTranslations] = {}
_current = DEFAULT_LANGUAGE


def N_(message: str) -> str:  # noqa: N802  gettext's own name for it
    """Mark ``message`` for the catalogues without translating it yet."""
    return message


def _(message: str) -> str:
    """Return ``message`` in the current language (the message itself when the catalogue lacks it)."""
    return translate(message, _current)


def translate(message: str, language: str) -> str:
    """Return ``message`` in ``language``, one of :data:`LANGUAGES`."""
    if not message:  # gettext answers the empty message with the catalogue's header
        return ""
    if language not in _catalogues:
        _catalogues[language] = gettext.translation("zhiban", _FOLDER, [language], fallback=True)
    return _catalogues[language].gettext(message)


def language() -> str:
    """Return the current language, one of :data:`LANGUAGES`."""
    return _current


def set_language(code: str) -> None:
    """Make ``code`` current for the whole process. Raises ``ValueError`` for a language we do not speak."""
    global _current  # noqa: PLW0603  one process shows one language at a time
    if code not in LANGUAGES:
        raise ValueError(code)
    _current = code


@contextmanager
def using_language(code: str) -> Iterator[None]:
    """Show another language for the length of a block (a paper printed in zh from an English desk)."""
    before = _current
    set_language(code)
    try:
        yield
    finally:
        set_language(before)


def language_from_environment() -> str:
    """Return the language the locale variables ask for; without one, Chinese."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "").split(":")[0].lower()
        if value.startswith("en"):
            return "en"
        if value.startswith("zh"):
            return "zh_CN"
    return DEFAULT_LANGUAGE
