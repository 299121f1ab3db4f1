"""A cluster that the tests of this folder share: to start one takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.execution.clusters import ProcessCluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessCluster]:
    """A scheduler and two workers, each a process; every model is a stand-in there."""
    cluster = ProcessCluster(tmp_path_factory.mktemp("cluster"), delay=0.01)
    try:
        for _ in range(2):
            cluster.add_worker()
        cluster.await_workers()
        yield cluster
    finally:
        cluster.close()
