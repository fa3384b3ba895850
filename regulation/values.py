"""Plain values that somebody waits for: made by the hundred thousand for a month of attendance, or at the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True)
def value(cls: type[_T]) -> type[_T]:
    """Make ``cls`` a dataclass with slots that the type checker holds frozen.

    A dataclass that is frozen at run time too takes four times as long to make, for each of its fields is then set
    by way of ``object.__setattr__``; that was a third of the time that judging a month took, and a sixth of what the
    door thinks about a badge. Use it where instances are made by the hundred thousand or between a badge and the
    strike, and ``dataclass(frozen=True, slots=True)`` everywhere else.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
