"""Work that is divided into blocks, and the executor that does them in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from geosam_processing.contract import ProgressEvent
from geosam_processing.engine.errors import GeoSamError
from geosam_processing.engine.run import RunContext

Block = TypeVar("Block")
Answer = TypeVar("Answer")
_Block = TypeVar("_Block", contravariant=True)
_Answer = TypeVar("_Answer", covariant=True)

Work = Callable[[Block, RunContext], Answer]
"""Does one block. It reports the steps done in the block and looks whether to stop, as any verb."""


def block_size(count: int, workers: int, per_worker: int, largest: int) -> int:
    """Return how many steps to put into a block.

    Args:
        count: steps of all blocks.
        per_worker: blocks for each worker, so that all end at about the same time.
        largest: steps of a block, at most.
    """
    return min(max(-(-count // max(workers * per_worker, 1)), 1), largest)


@dataclass(frozen=True)
class Outcome(Generic[Block, Answer]):
    """What became of a block: an answer, or the error for which it has none."""

    block: Block
    answer: Answer | None = None
    error: GeoSamError | None = None


class Job(Protocol[_Block, _Answer]):
    """Work that other processes can do. It is sent to them, so ``pickle`` must know it."""

    def open(self, context: RunContext) -> AbstractContextManager[Work[_Block, _Answer]]:
        """Load what all blocks need, such as a model; done once in each process."""


class Executor(Protocol[Block, Answer]):
    """Does blocks.

    ``run`` yields the outcome of every block as soon as it is known, with ``ordered`` in the
    order of the blocks. Its progress counts the steps of all blocks, without a total. Raises
    Cancelled when the caller asked to stop, after the outcomes of the blocks that were at work.
    """

    def run(
        self, blocks: Iterable[Block], context: RunContext, ordered: bool = False
    ) -> Iterator[Outcome[Block, Answer]]: ...


class Inline(Generic[Block, Answer]):
    """Does blocks in this process, one after the other. The first error ends it."""

    def __init__(self, work: Work[Block, Answer]) -> None:
        self._work = work

    def run(
        self, blocks: Iterable[Block], context: RunContext, ordered: bool = False
    ) -> Iterator[Outcome[Block, Answer]]:
        """Yield the outcomes in the order of the blocks; see ``Executor``."""
        before = within = 0

        def progress(event: ProgressEvent) -> None:
            nonlocal within
            within = event.done
            context.progress(ProgressEvent(before + within, 0, event.text))

        inner = replace(context, progress=progress)
        for block in blocks:
            context.require_not_cancelled()
            answer = self._work(block, inner)
            before, within = before + within, 0
            yield Outcome(block, answer)
