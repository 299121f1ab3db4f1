"""The executor that spreads blocks over the workers of a cluster of Dask."""

from __future__ import annotations

import contextlib
import queue
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from distributed import Client, Future, KilledWorker

from geosam_processing.contract import LogEvent, ProgressEvent
from geosam_processing.contract.messages import from_json
from geosam_processing.contract.texts import Text
from geosam_processing.engine.errors import ClusterError, GeoSamError
from geosam_processing.engine.execution import worker
from geosam_processing.engine.execution.blocks import Answer, Block, Job, Outcome
from geosam_processing.engine.execution.cluster import worker_count
from geosam_processing.engine.run import RunContext

_POLL = 0.2  # seconds between two looks whether to stop
_LAST = 30.0  # seconds that stopped blocks get to return what is done
# Blocks at work or waiting for a worker: so many for each thread, and at least so many that a
# cluster which grows with its work does grow. More would only fill the scheduler's memory.
_AHEAD = 3
_LEAST_AHEAD = 64
_COUNT_EVERY = 10.0  # seconds
_ALIVE = ("running", "connecting")

Told = TypeVar("Told")


@dataclass
class _Running(Generic[Block]):
    """A block that was sent, and how many of its steps are known to be done.

    ``alone``: no other one was sent meanwhile, so that it is to blame if workers die.
    """

    block: Block
    future: Future
    alone: bool
    done: int = 0


@dataclass
class _State(Generic[Block, Answer]):
    """The blocks between the first that was sent and the last that was passed on.

    ``suspects`` were on workers that died, too often, and are tried again alone at the end.
    """

    running: dict[int, _Running[Block]] = field(default_factory=dict)
    ready: dict[int, Outcome[Block, Answer]] = field(default_factory=dict)
    suspects: dict[int, Block] = field(default_factory=dict)
    finished_steps: int = 0
    reported: int = 0

    @property
    def steps(self) -> int:
        return self.finished_steps + sum(each.done for each in self.running.values())


class Spread(Generic[Block, Answer]):
    """Does blocks on the workers of a cluster; see ``Executor``.

    Workers may come and go: the blocks of one that died are done again by others. A block that
    fails, or that kills every worker which tries it, gets an error; the others are done.
    """

    def __init__(self, client: Client, job: Job[Block, Answer]) -> None:
        self._client = client
        self._job = job

    def run(
        self, blocks: Iterable[Block], context: RunContext, ordered: bool = False
    ) -> Iterator[Outcome[Block, Answer]]:
        """Yield the outcomes of blocks; see ``Executor``.

        Raises:
            Cancelled: the caller asked to stop.
            ClusterError: the scheduler has gone.
        """
        return _Run[Block, Answer](self._client).run(self._job, blocks, context, ordered)


class _Run(Generic[Block, Answer]):
    """One run of a job, whose name no other run has."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._name = f"geosam-{uuid.uuid4().hex[:12]}"
        self._events: queue.SimpleQueue[int | dict[str, Any]] = queue.SimpleQueue()

    def run(
        self, job: Job[Block, Answer], blocks: Iterable[Block], context: RunContext, ordered: bool
    ) -> Iterator[Outcome[Block, Answer]]:
        """Yield the outcomes of blocks; see ``Spread.run``."""
        client = self._client
        client.subscribe_topic(self._name, lambda event: self._events.put(event[1]))
        client.register_plugin(worker.JobPlugin(self._name, job), self._name)
        state: _State[Block, Answer] = _State()
        try:
            try:
                yield from self._outcomes(enumerate(blocks), state, context, ordered)
            except BaseException:
                # Also when the caller takes no more outcomes.
                self._stop()
                raise
        finally:
            with contextlib.suppress(Exception):
                client.cancel([each.future for each in state.running.values()])
                client.unsubscribe_topic(self._name)
                client.unregister_worker_plugin(self._name)

    def _outcomes(
        self,
        waiting: Iterator[tuple[int, Block]],
        state: _State[Block, Answer],
        context: RunContext,
        ordered: bool,
    ) -> Iterator[Outcome[Block, Answer]]:
        window, counted, following = _LEAST_AHEAD, float("-inf"), 0
        while True:
            if time.monotonic() - counted > _COUNT_EVERY:
                counted = time.monotonic()
                window = max(_AHEAD * self._threads(context), _LEAST_AHEAD)
            while len(state.running) + len(state.ready) < window:
                if (item := next(waiting, None)) is None:
                    break
                self._send(*item, state)
            if not state.running and state.suspects:
                number = next(iter(state.suspects))
                self._send(number, state.suspects.pop(number), state, alone=True)
            if not state.running and not state.ready:
                return
            if context.cancelled():
                self._stop()
                yield from self._last(state, context)
                context.require_not_cancelled()
            self._take_event(state, context)
            if not ordered:
                yield from state.ready.values()
                state.ready.clear()
            while following in state.ready:
                yield state.ready.pop(following)
                following += 1

    def _threads(self, context: RunContext) -> int:
        """How many blocks the cluster can do at once now."""
        try:
            threads = worker_count(self._client)
        except OSError:
            self._require_connection()
            raise
        if not threads:
            context.say(Text("The cluster has no worker: waiting for one"), "warning")
        return threads

    def _send(
        self, number: int, block: Block, state: _State[Block, Answer], alone: bool = False
    ) -> None:
        key = f"{self._name}-{'alone-' if alone else ''}{number}"
        future = self._client.submit(
            worker.run_block, self._name, number, block, key=key, pure=False
        )
        state.running[number] = _Running(block, future, alone)
        future.add_done_callback(lambda _: self._events.put(number))

    def _take_event(self, state: _State[Block, Answer], context: RunContext) -> None:
        """Wait a moment for a block that ends, or for what one reports."""
        try:
            event = self._events.get(timeout=_POLL)
        except queue.Empty:
            self._require_connection()
            return
        if isinstance(event, int):
            self._finish(event, state)
        elif "log" in event:
            context.log(from_json(LogEvent, event["log"]))
        elif event["block"] in state.running:
            state.running[event["block"]].done = event["done"]
        # A block that is done again counts from 0.
        if state.steps > state.reported:
            state.reported = state.steps
            context.progress(ProgressEvent(state.reported, 0))

    def _finish(self, number: int, state: _State[Block, Answer]) -> None:
        sent = state.running.pop(number, None)
        if sent is None:
            return
        try:
            answer, error = self._reply(sent.future)
        except KilledWorker as lost:
            if not sent.alone:
                state.suspects[number] = sent.block
                return
            answer, error = None, _deadly(lost)
        state.ready[number] = Outcome(sent.block, answer, error)
        size = len(sent.block) if hasattr(sent.block, "__len__") else 1
        state.finished_steps += size if error is None and answer is not None else sent.done

    def _reply(self, future: Future) -> tuple[Answer | None, GeoSamError | None]:
        try:
            answer, error = future.result()
            return answer, error
        except KilledWorker:
            raise
        except Exception as lost:
            self._require_connection()
            return None, worker.as_user_error(lost)

    def _require_connection(self) -> None:
        if self._client.status not in _ALIVE:
            raise ClusterError(
                "The scheduler {} has gone. Run again when it is back: finished blocks are kept",
                self._client.scheduler.address if self._client.scheduler else "of Dask",
            )

    def _stop(self) -> None:
        with contextlib.suppress(Exception):
            self._client.run(worker.stop, self._name, on_error="ignore")

    def _last(
        self, state: _State[Block, Answer], context: RunContext
    ) -> Iterator[Outcome[Block, Answer]]:
        """What stopped blocks return; those that take too long are left to themselves."""
        end = time.monotonic() + _LAST
        while state.running and time.monotonic() < end:
            self._take_event(state, context)
        yield from state.ready.values()
        state.ready.clear()


def _deadly(lost: KilledWorker) -> ClusterError:
    return ClusterError(
        "{} workers died of it, most likely out of memory: lower the batch size, or give the "
        "workers more memory",
        lost.allowed_failures + 1,
    )


def ask(client: Client, question: Callable[[], Told]) -> dict[str, Told]:
    """Return what every worker answers, by the address of the worker.

    Raises:
        ClusterError: a worker lacks the package or has another version.
        GeoSamError: what the question raised on a worker.
    """
    answers = client.run(worker.answer_to, question, on_error="return")
    for address, answer in sorted(answers.items()):
        if isinstance(answer, GeoSamError):
            raise type(answer)("The worker {}: {}", address, answer)
        if isinstance(answer, Exception):
            raise ClusterError(
                "The worker {} cannot work ({}: {}). Install the same version of "
                "geosam_processing there",
                address,
                type(answer).__name__,
                str(answer)[:300],
            )
    return dict(sorted(answers.items()))
