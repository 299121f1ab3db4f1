"""Final rows of a run, and how many there are of each state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from geosam_processing.contract import SEEN, ProgressEvent, SeriesEvent, SeriesRow
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.tracking.journal import Journal


class Delivery:
    """Hands rows on and keeps them in the journal.

    Attributes:
        states: how many rows there are of each state.
        seen: keys of the objects that were seen on a date.
        resumed_count: rows that came from the journal.
    """

    def __init__(self, journal: Journal, total: int, context: RunContext) -> None:
        """``total``: how many rows there will be."""
        self.states: Counter[str] = Counter()
        self.seen: set[int] = set()
        self.resumed_count = 0
        self.context = context
        self._journal = journal
        self._done, self._total = 0, total

    def known(self, step: str) -> tuple[SeriesRow, ...] | None:
        """Pass on the rows of a step that an interrupted run finished."""
        rows = self._journal.load(step)
        if rows is not None:
            self.resumed_count += len(rows)
            self._send(rows, step)
        return rows

    def deliver(self, step: str, rows: Sequence[SeriesRow]) -> None:
        """Hand on the rows of a step that is done."""
        self._journal.store(step, rows)
        self._send(rows, step)

    def _send(self, rows: Sequence[SeriesRow], step: str) -> None:
        self.states.update(row.state for row in rows)
        self.seen.update(row.key for row in rows if row.state == SEEN)
        self._done += len(rows)
        self.context.results(SeriesEvent(tuple(rows)))
        self.context.progress(ProgressEvent(self._done, self._total, step))
