"""Single modules keep to the layers too: the import contracts only know packages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {
    "benchmarks",
    "cli",
    "hardware",
    "kiosk",
    "locales",
    "models",
    "operations",
    "regulation",
    "reports",
    "settings",
    "tests",
    "tui",
}
TABLES = {"models", "peewee", "playhouse"}


def imported(source: str) -> set[str]:
    """The top-level names of everything a module imports, wherever in it and whatever for."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides where it leads"
            found.add((node.module or "").split(".")[0])
    return found


def imported_by(name: str) -> set[str]:
    return imported((ROOT / name).read_text(encoding="utf-8"))


def test_an_import_is_found_at_the_top_in_a_function_and_under_type_checking() -> None:
    source = """
import a.b
from c.d import e
if TYPE_CHECKING:
    from f import g
def late():
    import h as i
"""
    assert imported(source) == {"a", "c", "f", "h"}


def test_the_command_line_sees_no_tables() -> None:
    assert imported_by("cli.py") & TABLES == set()


def test_settings_know_nothing_of_ours_but_the_words() -> None:
    assert imported_by("settings.py") & OURS == {"locales"}


def test_the_tables_know_nothing_of_ours() -> None:
    assert imported_by("models.py") & OURS == set()


@pytest.mark.parametrize("layer", ["tui", "kiosk", "reports", "hardware", "regulation", "locales"])
def test_no_layer_but_operations_imports_the_tables(layer: str) -> None:
    offenders = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / layer).rglob("*.py")
        if imported(path.read_text(encoding="utf-8")) & TABLES
    }
    assert offenders == set()


def test_nothing_outside_the_tests_imports_them() -> None:
    shipped = [ROOT / "cli.py", ROOT / "models.py", ROOT / "settings.py"]
    for folder in sorted(OURS - {"cli", "models", "settings", "tests", "benchmarks"}):
        shipped += sorted((ROOT / folder).rglob("*.py"))
    assert [str(path) for path in shipped if "tests" in imported(path.read_text(encoding="utf-8"))] == []
