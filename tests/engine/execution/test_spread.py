"""Blocks on the workers of a cluster: order, errors, deaths, and the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import dask
import pytest
from distributed import Client, LocalCluster

from geosam_processing.contract import LogEvent, ProgressEvent
from geosam_processing.engine import errors
from geosam_processing.engine.execution.blocks import Executor, Inline, Outcome
from geosam_processing.engine.execution.spread import Spread, ask
from geosam_processing.engine.run import SILENT, RunContext
from tests.engine.execution.toy_jobs import Numbers, Squares

BLOCKS = [tuple(range(start, start + 5)) for start in range(0, 500, 5)]


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Three workers in this process."""
    with (
        LocalCluster(
            n_workers=3, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


def squares(block: Numbers) -> Numbers:
    return tuple(number * number for number in block)


def test_each_block_gets_its_answer_in_order(client: Client) -> None:
    outcomes = list(Spread(client, Squares()).run(BLOCKS, SILENT, ordered=True))
    assert outcomes == [Outcome(block, squares(block)) for block in BLOCKS]


def test_blocks_come_as_they_end(client: Client) -> None:
    outcomes = list(Spread(client, Squares()).run(BLOCKS, SILENT))
    assert sorted(each.block for each in outcomes) == BLOCKS


def test_inline_does_the_same(client: Client) -> None:
    with Squares().open(SILENT) as work:
        inline: Executor[Numbers, Numbers] = Inline(work)
        outcomes = list(inline.run(BLOCKS, SILENT))
    assert outcomes == list(Spread(client, Squares()).run(BLOCKS, SILENT, ordered=True))


def test_steps_are_counted_up_to_the_last(client: Client) -> None:
    events: list[ProgressEvent] = []
    list(Spread(client, Squares()).run(BLOCKS, RunContext(progress=events.append)))
    done = [event.done for event in events]
    assert done == sorted(set(done))
    assert done[-1] == 500


def test_job_is_opened_once_on_each_worker(client: Client) -> None:
    lines: list[LogEvent] = []
    list(Spread(client, Squares(0.001)).run(BLOCKS, RunContext(log=lines.append)))
    assert [line.text for line in lines] == ["opened"] * 3


def test_failing_block_has_its_error_and_the_rest_is_done(client: Client) -> None:
    blocks = [*BLOCKS[:10], (7, -1, 8), *BLOCKS[10:]]
    outcomes = list(Spread(client, Squares()).run(blocks, SILENT, ordered=True))
    failed = outcomes.pop(10)
    assert failed.block == (7, -1, 8)
    assert failed.answer is None
    assert isinstance(failed.error, errors.RasterError)
    assert failed.error.text.values == ("-1",)
    assert [each.answer for each in outcomes] == [squares(block) for block in BLOCKS]


def test_cancelled_run_ends_soon_and_leaves_nothing(client: Client) -> None:
    stop = threading.Event()

    def progress(event: ProgressEvent) -> None:
        if event.done >= 10:
            stop.set()

    outcomes = []
    with pytest.raises(errors.Cancelled):
        for outcome in Spread(client, Squares(0.01)).run(
            BLOCKS, RunContext(progress=progress, cancelled=stop.is_set)
        ):
            outcomes.append(outcome)
    assert len(outcomes) < len(BLOCKS)
    # The workers serve the next run.
    assert len(list(Spread(client, Squares()).run(BLOCKS, SILENT))) == len(BLOCKS)


def test_caller_may_leave_early(client: Client) -> None:
    for outcome in Spread(client, Squares()).run(BLOCKS, SILENT, ordered=True):
        assert outcome.answer == squares(BLOCKS[0])
        break
    assert len(list(Spread(client, Squares()).run(BLOCKS, SILENT))) == len(BLOCKS)


def test_runs_of_one_executor_do_not_mix(client: Client) -> None:
    spread = Spread(client, Squares())
    first = spread.run(BLOCKS, SILENT, ordered=True)
    begun = [next(first)]
    other = [(number,) for number in range(1000, 1020)]
    assert [each.answer for each in spread.run(other, SILENT, ordered=True)] == [
        squares(block) for block in other
    ]
    assert [each.answer for each in [*begun, *first]] == [squares(block) for block in BLOCKS]


def test_workers_answer_a_question(client: Client) -> None:
    assert list(ask(client, int).values()) == [0, 0, 0]
    with pytest.raises(errors.ClusterError, match="The worker .* cannot work"):
        ask(client, {}.popitem)


def test_deadly_block_does_not_take_the_others_along() -> None:
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(
            n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        blocks = [(1, 2), (-2, 3)]
        first, second = Spread(client, Squares()).run(blocks, SILENT, ordered=True)
        assert first == Outcome((1, 2), (1, 4))
        assert "workers died" in str(second.error)
        # Its successor serves on.
        assert [each.answer for each in Spread(client, Squares()).run([(3,)], SILENT)] == [(9,)]
