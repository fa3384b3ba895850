"""Tests read messages in English, whatever the catalogues hold by now."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from locales import using_language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with using_language("en"):
        yield
