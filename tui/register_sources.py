"""Where the rows of a register come from: its records, or for Art. 14 the permits where they are given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from operations.boundary import Actor
    from operations.register_views import RecordFilter, RecordPage, RecordRow, RegisterBook

Fetch = Callable[[int, int], tuple[int, Sequence["RecordRow"]]]
MOST_ON_PAPER = 2_000
"""Rows of one table on paper or in a sheet; whoever wants more narrows the days."""


class Source:
    """The records of a register. ``names`` are those of the people on the pages read so far."""

    has_stories = True

    def __init__(self, book: RegisterBook) -> None:
        self.book = book
        self.names: dict[str, str] = {}

    def count(self, actor: Actor, now: datetime, wanted: RecordFilter) -> int:
        """How many records match."""
        from operations.register_views import record_count

        return record_count(actor, now, self.book.register.key, wanted)

    def page(
        self,
        actor: Actor,
        now: datetime,
        wanted: RecordFilter,
        after: tuple[date, int] | None,
        skip: int,
        limit: int,
    ) -> RecordPage:
        """A page of the records that match."""
        from operations.register_views import records

        return records(actor, now, self.book.register.key, wanted, after, skip, limit)

    def window(self, actor: Actor, clock: Callable[[], datetime], wanted: RecordFilter) -> Fetch:
        """Return what a table asks for its rows: where a page ended is where the next one goes on."""
        ends: dict[int, tuple[date, int]] = {}

        def fetch(offset: int, limit: int) -> tuple[int, Sequence[RecordRow]]:
            now = clock()
            total = self.count(actor, now, wanted)
            if not offset:
                ends.clear()  # rows may have come on top
            near = max((place for place in ends if place <= offset), default=0)
            page = self.page(actor, now, wanted, ends.get(near), offset - near, limit)
            self.names.update(page.names)
            if page.after is not None:
                ends[offset + len(page.rows)] = page.after
            return total, page.rows

        return fetch

    def rows(self, actor: Actor, now: datetime, wanted: RecordFilter) -> Iterator[RecordRow]:
        """Return everything that matches, up to what a paper holds."""
        page = self.page(actor, now, wanted, None, 0, MOST_ON_PAPER)
        self.names.update(page.names)
        return iter(page.rows)


class SeatLeaves(Source):
    """Permits to be away from one's seat (Art. 14)."""

    has_stories = False

    def count(self, actor: Actor, now: datetime, wanted: RecordFilter) -> int:
        """How many permits match."""
        from operations.seat_leave_register import seat_leave_count

        return seat_leave_count(actor, now, wanted)

    def page(
        self,
        actor: Actor,
        now: datetime,
        wanted: RecordFilter,
        after: tuple[date, int] | None,  # noqa: ARG002  permits are few, and paged by their place alone
        skip: int,
        limit: int,
    ) -> RecordPage:
        """A page of the permits that match."""
        from operations.seat_leave_register import seat_leave_records

        return seat_leave_records(actor, now, wanted, skip, limit)


def books(actor: Actor, now: datetime) -> tuple[RegisterBook, ...]:
    """Return what lies on the shelf, by article."""
    from operations.register_views import register_books
    from operations.seat_leave_register import seat_leave_book

    found = (*register_books(actor, now), seat_leave_book(actor, now))
    return tuple(sorted(found, key=lambda book: (book.register.version > 0, book.register.articles[0])))


def source_of(book: RegisterBook) -> Source:
    """Return where a register's rows come from."""
    from operations.seat_leave_register import SEAT_LEAVE

    return SeatLeaves(book) if book.register.key == SEAT_LEAVE.key else Source(book)
