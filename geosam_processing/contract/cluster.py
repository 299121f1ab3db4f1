"""Where blocks of a run are done: in the engine, in processes of this machine, or by Dask."""

import re
from collections.abc import Mapping
from typing import Optional

from .checks import ContractError, require

LOCAL = "local"
NO_CLUSTER = "none"
CLUSTER_VARIABLE = "GEOSAM_CLUSTER"
MAXIMUM_LOCAL_WORKERS = 256
_LOCAL = re.compile(rf"{LOCAL}(?::(\d{{1,9}}))?")
_ADDRESS = re.compile(r"(?:tcp|tls)://[^\s/:]+:\d{1,5}|(?:tcp|tls)://\[[0-9a-fA-F:.]+\]:\d{1,5}")


def require_cluster(text: str) -> None:
    """Raise ContractError unless ``text`` names a cluster or is empty.

    A cluster is ``local``, ``local:N`` or the address of a scheduler of Dask.
    """
    if not text or is_local(text):
        return
    require(
        _ADDRESS.fullmatch(text) is not None,
        "Invalid cluster ({}): give the address of a Dask scheduler, such as "
        "tcp://192.168.0.10:8786, or local, or local:4 for 4 processes on this computer",
        text,
    )


def is_local(text: str) -> bool:
    """Return whether a cluster is made of processes of this machine.

    Raises:
        ContractError: their number is invalid.
    """
    found = _LOCAL.fullmatch(text)
    if found is not None and found[1] is not None:
        require(
            1 <= int(found[1]) <= MAXIMUM_LOCAL_WORKERS,
            "Invalid number of processes ({}): valid values are 1 to {}",
            found[1],
            MAXIMUM_LOCAL_WORKERS,
        )
    return found is not None


def local_workers(text: str) -> Optional[int]:
    """Return the N of ``local:N``; None for ``local``, where the engine chooses.

    Raises:
        ContractError: the text is no local cluster.
    """
    if not is_local(text):
        raise ContractError("Invalid cluster ({}): it is not on this computer", text)
    number = text.partition(":")[2]
    return int(number) if number else None


def chosen_cluster(text: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """Return the cluster of a text, else of ``GEOSAM_CLUSTER``.

    Args:
        text: a cluster; ``none`` for none; empty to go by the environment.

    Returns:
        The cluster, empty for none, and the variable that it is from, empty for the text.

    Raises:
        ContractError: it is no cluster.
    """
    variable = ""
    if not text.strip():
        text = environment.get(CLUSTER_VARIABLE, "")
        variable = CLUSTER_VARIABLE if text.strip() else ""
    cluster = text.strip()
    if cluster == NO_CLUSTER:
        cluster = ""
    require_cluster(cluster)
    return cluster, variable
