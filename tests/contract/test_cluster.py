"""Names of clusters."""

import pytest

from geosam_processing.contract import ContractError, EncodeRequest, Model, Raster
from geosam_processing.contract.cluster import is_local, local_workers, require_cluster


@pytest.mark.parametrize(
    "text",
    [
        "",
        "local",
        "local:1",
        "local:256",
        "tcp://10.0.0.1:8786",
        "tls://node-7:80",
        "tcp://[::1]:9",
    ],
)
def test_cluster_is_accepted(text: str) -> None:
    require_cluster(text)


@pytest.mark.parametrize(
    "text",
    ["local:", "local:x", "node-7:8786", "tcp://node-7", "http://node-7:8786", "tcp://a b:1", " "],
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ContractError, match=r"Invalid cluster .*tcp://192"):
        require_cluster(text)


@pytest.mark.parametrize("count", [0, 257, 999999999])
def test_number_of_processes_is_limited(count: int) -> None:
    with pytest.raises(ContractError, match=rf"processes \({count}\).*1 to 256"):
        require_cluster(f"local:{count}")


def test_local_clusters_have_a_number_or_none() -> None:
    assert is_local("local") and is_local("local:3") and not is_local("tcp://local:3")
    assert local_workers("local") is None
    assert local_workers("local:3") == 3
    with pytest.raises(ContractError):
        local_workers("tcp://local:3")


def test_request_refuses_what_is_no_cluster() -> None:
    with pytest.raises(ContractError, match="Invalid cluster"):
        EncodeRequest(Raster("a.tif"), Model("m"), "out", "layer", cluster="somewhere")
