"""Jobs without a model, which other processes can import."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

from geosam_processing.contract import ProgressEvent
from geosam_processing.engine.errors import RasterError
from geosam_processing.engine.execution.blocks import Work
from geosam_processing.engine.run import RunContext

Numbers = tuple[int, ...]


@dataclass(frozen=True)
class Squares:
    """Squares the numbers of a block. -1 is an error, -2 the end of the process.

    ``delay`` is how many seconds a number takes.
    """

    delay: float = 0.0

    @contextlib.contextmanager
    def open(self, context: RunContext) -> Iterator[Work[Numbers, Numbers]]:
        context.say("opened")
        yield self._square

    def _square(self, block: Numbers, context: RunContext) -> Numbers:
        done = []
        for number in block:
            context.require_not_cancelled()
            if number == -1:
                raise RasterError("The number {} cannot be squared", number)
            if number == -2:
                os._exit(1)
            time.sleep(self.delay)
            done.append(number * number)
            context.progress(ProgressEvent(len(done), len(block)))
        return tuple(done)
