"""Hardware's words are checked in English, whatever the machine speaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from locales import using_language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with using_language("en"):
        yield
