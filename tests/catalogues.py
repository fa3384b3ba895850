"""Keep the message catalogues in step with the code: ``python -m tests.catalogues check|update [JSON …]``.

``update`` collects the marked messages, carries the translations over, adds those given as JSON files
(``{message: Chinese}``), and compiles. English is the code's own wording, so its catalogue is an identity.
``check`` changes nothing: it lists what is wrong and exits 1. The output depends on the messages alone (sorted,
no dates, no places), so two branches that add messages merge.
"""

from __future__ import annotations

import io
import json
import re
import string
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh_CN", "en")
SOURCE_LANGUAGE = "en"
SOURCES = (
    "cli.py",
    "models.py",
    "settings.py",
    "hardware",
    "kiosk",
    "operations",
    "regulation",
    "reports",
    "tui",
)
KEYWORDS = {"_": None, "N_": None}
USAGE = "usage: python -m tests.catalogues check | update [FILE.json …]\n"

Translations = dict[str, str]


class StillCatalog(Catalog):
    """A catalogue whose header names no date, person or tool, so that it changes only when a message does."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header's lines."""
        return [
            ("Project-Id-Version", "zhiban"),
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]

    @mime_headers.setter
    def mime_headers(self, value: Iterable[tuple[str, str]]) -> None:
        self._set_mime_headers(value)


def po_path(root: Path, language: str) -> Path:
    """Where the editable catalogue of ``language`` lies; the compiled one lies beside it."""
    return root / "locales" / language / "LC_MESSAGES" / "zhiban.po"


def source_files(root: Path) -> list[Path]:
    """Every file whose messages people see."""
    found: list[Path] = []
    for name in SOURCES:
        place = root / name
        found += sorted(place.rglob("*.py")) if place.is_dir() else [place] * place.is_file()
    return found


def messages_in_code(root: Path) -> dict[str, str]:
    """Return every marked message with the first file that uses it."""
    found: dict[str, str] = {}
    for path in source_files(root):
        for _line, message, _comments, _context in extract_from_file("python", path, keywords=KEYWORDS):
            if isinstance(message, str) and message:
                found.setdefault(message, path.relative_to(root).as_posix())
    return found


def update(root: Path, additions: Sequence[Path] = ()) -> list[str]:
    """Rewrite and compile both catalogues; return notes on what a translator should look at."""
    messages = messages_in_code(root)
    added, notes = _merged(additions)
    notes += [f"not in the code, left out: {m!r}" for m in added if m not in messages]
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            known: Mapping[str, str] = {message: message for message in messages}
        else:
            known = _stored(po_path(root, language)) | added
            notes += [f"{language}: untranslated: {m!r}" for m in sorted(messages) if not known.get(m)]
        _write(root, language, {message: known.get(message, "") for message in messages})
    return notes


def check(root: Path) -> list[str]:
    """Return one line for everything wrong with the catalogues of ``root``; nothing when they are in step."""
    messages = messages_in_code(root)
    return [problem for language in LANGUAGES for problem in _check_language(root, language, messages)]


def fields(text: str) -> frozenset[str] | None:
    """Return the names in ``text``'s ``{…}`` placeholders, or ``None`` when it is not a format string."""
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:
        return None
    return frozenset(
        re.split(r"[.\[]", name)[0] for _text, name, _spec, _conversion in parsed if name is not None
    )


def _check_language(root: Path, language: str, messages: Mapping[str, str]) -> list[str]:
    path = po_path(root, language)
    try:
        catalogue = _read(path, language)
    except FileNotFoundError:
        return [f"{language}: {path.relative_to(root)} is missing"]
    except PoFileError as error:
        return [f"{language}: {path.relative_to(root)} cannot be read: {error}"]
    stored = {str(entry.id): entry for entry in catalogue if entry.id}
    problems = [f"missing, used in {messages[m]}: {m!r}" for m in sorted(messages) if m not in stored]
    gone = {m for m in stored if m not in messages} | {str(m) for m in catalogue.obsolete}
    problems += [f"obsolete: {m!r}" for m in sorted(gone)]
    for message in sorted(stored):
        problems += _check_entry(message, str(stored[message].string or ""), stored[message].fuzzy)
    if language == SOURCE_LANGUAGE:
        reworded = sorted(m for m, entry in stored.items() if entry.string and entry.string != m)
        problems += [f"differs from the code's own wording: {m!r}" for m in reworded]
    if not _compiled_matches(path, catalogue):
        problems.append(f"{path.with_suffix('.mo').relative_to(root)} is not what the .po compiles to")
    return [f"{language}: {problem}" for problem in problems]


def _check_entry(message: str, translation: str, fuzzy: bool) -> list[str]:
    if not translation:
        return [f"untranslated: {message!r}"]
    problems = [f"fuzzy: {message!r}"] if fuzzy else []
    if fields(message) != fields(translation):
        problems.append(f"placeholders differ: {message!r} and {translation!r}")
    return problems


def _compiled_matches(path: Path, catalogue: Catalog) -> bool:
    compiled = path.with_suffix(".mo")
    return compiled.is_file() and compiled.read_bytes() == _compiled(catalogue)


def _compiled(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        read = read_po(file, locale=language, abort_invalid=True)
    catalogue = StillCatalog(language, fuzzy=False)
    for entry in read:
        if entry.id:
            catalogue.add(entry.id, entry.string, flags=entry.flags)
    catalogue.obsolete = read.obsolete
    return catalogue


def _stored(path: Path) -> Translations:
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id and entry.string}


def _merged(additions: Iterable[Path]) -> tuple[Translations, list[str]]:
    merged: Translations = {}
    notes: list[str] = []
    for path in additions:
        given = json.loads(path.read_text(encoding="utf-8"))
        for message, translation in given.items():
            if merged.get(message, translation) != translation:
                notes.append(f"{path.name} rewords {message!r}: {merged[message]!r} → {translation!r}")
            merged[message] = translation
    return merged, notes


def _write(root: Path, language: str, translations: Mapping[str, str]) -> None:
    catalogue = StillCatalog(language, header_comment="# Written by `make catalogues`.", fuzzy=False)
    for message in sorted(translations):
        catalogue.add(message, translations[message])
    path = po_path(root, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, no_location=True, sort_output=True)
    path.with_suffix(".mo").write_bytes(_compiled(catalogue))


def main(arguments: Sequence[str]) -> int:
    """Run the command; return its exit code."""
    match arguments:
        case ["check"]:
            lines = check(ROOT)
            sys.stderr.writelines(f"{line}\n" for line in lines)
            if lines:
                sys.stderr.write(
                    "Run `make catalogues`, then translate what is left in locales/*/LC_MESSAGES/zhiban.po.\n"
                )
            return 1 if lines else 0
        case ["update", *additions]:
            sys.stdout.writelines(f"{note}\n" for note in update(ROOT, [Path(name) for name in additions]))
            return 0
        case _:
            sys.stderr.write(USAGE)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
