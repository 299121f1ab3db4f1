"""What came of the trials of one kind."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field

# The program did what it promises.
WHOLE = "whole"  # all is as it was, or as a run without the fault makes it
TOLD = "told"  # refused, with an error that names the cause
# It did not.
LOST = "lost"
WRONG = "silently wrong"
TRACEBACK = "traceback"
CRASH = "crash"
HANG = "hang"
BROKEN = (LOST, WRONG, TRACEBACK, CRASH, HANG)

_EXAMPLES = 20
_INTERVAL = 60.0  # seconds between two lines on how far the trials are


@dataclass
class Tally:
    """How often each outcome was seen; ``examples`` tell of those that break a promise."""

    title: str
    counts: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    _shown: float = field(default_factory=time.monotonic)

    def add(self, outcome: str, what: str) -> None:
        """Count a trial; ``what`` makes it again."""
        self.counts[outcome] += 1
        if time.monotonic() - self._shown > _INTERVAL:
            self._shown = time.monotonic()
            print(f"{self.title}: {self.trials} trials", file=sys.stderr, flush=True)
        if outcome in BROKEN and len(self.examples) < _EXAMPLES:
            self.examples.append(f"{outcome}: {what}")

    @property
    def trials(self) -> int:
        return self.counts.total()

    def row(self) -> str:
        """A row of the table in the page."""
        numbers = [self.trials, *(self.counts[each] for each in (WHOLE, TOLD, *BROKEN))]
        return f"| {self.title} | " + " | ".join(f"{number:,}" for number in numbers) + " |"


def head() -> str:
    """The head of that table."""
    names = ("Campaign", "Trials", WHOLE, TOLD, *BROKEN)
    return f"| {' | '.join(names)} |\n|---|{'---:|' * (len(names) - 1)}"
