"""Fail when the migrations do not build the schema of the models: ``python -m tests.migrations_match_models``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from operations import store


def differences(url: str) -> str:
    """Return how a database built by the migrations differs from the models; empty when it does not."""
    store.open_database(url)
    store.migrate()
    return store.schema_differences()


def main() -> int:
    """Print the differences; exit status 1 when there are any."""
    with tempfile.TemporaryDirectory() as folder:
        found = differences(f"sqlite:///{Path(folder) / 'schema.db'}")
    print(found or "migrations match the models")  # noqa: T201  a command's answer
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
