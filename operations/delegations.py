"""Delegates (Art. 35): who acts in an absent leader's place."""

from __future__ import annotations

from datetime import date

from regulation.leave_routing import Delegation


def delegations_on(_day: date) -> list[Delegation]:
    """Return who stands in for whom on a civil day (inside a transaction)."""
    return []
