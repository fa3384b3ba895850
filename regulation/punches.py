"""What an attendance machine writes, and what it means (Art. 33): a local time, and a word for which way someone went.

Nothing is guessed. A time that came twice in a night, or never, is no instant; a word that says neither in nor out
gives a punch without a direction, which shows that somebody was there and not which way they went.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from regulation.records import Direction


@dataclass(frozen=True, slots=True)
class DirectionWords:
    """The words of a machine or a system for the way someone went; ``unsaid`` are those that say neither."""

    entering: tuple[str, ...]
    leaving: tuple[str, ...]
    unsaid: tuple[str, ...] = ("",)

    def direction(self, word: str) -> Direction | None:
        """Return the direction ``word`` means, whatever its case; ``None`` for a word that is not known."""
        for words, direction in (
            (self.entering, Direction.IN),
            (self.leaving, Direction.OUT),
            (self.unsaid, Direction.NONE),
        ):
            if word.casefold() in {known.casefold() for known in words}:
                return direction
        return None


def instants_of(local: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """Return the instants (aware UTC) at which a clock of ``zone`` shows the naive time ``local``.

    One, mostly. When the clock is put back an hour's times come twice; when it is put forward they never come.
    """
    readings = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return tuple(dict.fromkeys(at for at in readings if at.astimezone(zone).replace(tzinfo=None) == local))
