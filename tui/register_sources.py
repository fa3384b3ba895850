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
"""Records of one list on paper; whoever wants more narrows the days."""
MOST_READ = 1_000


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
        totals = [0]

        def fetch(offset: int, limit: int) -> tuple[int, Sequence[RecordRow]]:
            now = clock()
            total = self.count(actor, now, wanted)
            if totals != [total]:
                totals[:] = [total]
                ends.clear()  # rows came on top: pages end elsewhere now
            near = max((place for place in ends if place <= offset), default=0)
            page = self.page(actor, now, wanted, ends.get(near), offset - near, limit)
            self.names.update(page.names)
            if page.after is not None:
                ends[offset + len(page.rows)] = page.after
            return total, page.rows

        return fetch

    def rows(self, actor: Actor, now: datetime, wanted: RecordFilter) -> Iterator[RecordRow]:
        """Yield everything that matches, the newest day first, however much it is."""
        after: tuple[date, int] | None = None
        while True:
            page = self.page(actor, now, wanted, after, 0, MOST_READ)
            self.names.update(page.names)
            yield from page.rows
            after = page.after
            if after is None:
                return


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

    def rows(self, actor: Actor, now: datetime, wanted: RecordFilter) -> Iterator[RecordRow]:
        """Yield every permit that matches, the newest first."""
        read = 0
        while True:
            found = self.page(actor, now, wanted, None, read, MOST_READ)
            self.names.update(found.names)
            yield from found.rows
            read += len(found.rows)
            if len(found.rows) < MOST_READ:
                return


def books(actor: Actor, now: datetime) -> tuple[RegisterBook, ...]:
    """Return what lies on the shelf, by article."""
    from operations.register_views import register_books
    from operations.seat_leave_register import seat_leave_book

    found = (*register_books(actor, now), seat_leave_book(actor, now))
    return tuple(sorted(found, key=lambda book: (book.register.version > 0, book.register.article)))


def source_of(book: RegisterBook) -> Source:
    """Return where a register's rows come from."""
    from operations.seat_leave_register import SEAT_LEAVE

    return SeatLeaves(book) if book.register.key == SEAT_LEAVE.key else Source(book)
