import pytest

from geosam_processing.contract import ContractError, Shard, chosen_shard


@pytest.mark.parametrize("text", ["3/16", " 3 / 16 ", "03/0016"])
def test_a_shard_is_read_from_text(text):
    shard = Shard.parse(text)
    assert shard == Shard(3, 16)
    assert (str(shard), shard.name) == ("3/16", "0003-of-0016")


@pytest.mark.parametrize("text", ["", "3", "3/", "/16", "3:16", "-1/4", "1/4/2", "a/b", "1.5/3"])
def test_other_text_is_refused_with_an_example(text):
    with pytest.raises(ContractError, match="such as 3/16"):
        Shard.parse(text)


@pytest.mark.parametrize(
    ("text", "allowed"), [("0/4", "1 to 4"), ("5/4", "1 to 4"), ("1/0", "1 to 9999")]
)
def test_numbers_out_of_range_are_refused(text, allowed):
    with pytest.raises(ContractError, match=allowed):
        Shard.parse(text)


def array(number: int, count: int, least: int, most: int) -> dict[str, str]:
    names = {"ID": number, "COUNT": count, "MIN": least, "MAX": most}
    return {f"SLURM_ARRAY_TASK_{name}": str(value) for name, value in names.items()}


@pytest.mark.parametrize(
    ("text", "environment", "expected"),
    [
        ("", {}, (None, "")),
        ("3/16", {"GEOSAM_SHARD": "1/2"}, (Shard(3, 16), "")),
        ("all", {"GEOSAM_SHARD": "1/2"}, (None, "")),
        ("", {"GEOSAM_SHARD": "1/2", **array(3, 9, 1, 9)}, (Shard(1, 2), "GEOSAM_SHARD")),
        ("", {"GEOSAM_SHARD": "all", **array(3, 9, 1, 9)}, (None, "GEOSAM_SHARD")),
        ("", array(3, 9, 1, 9), (Shard(3, 9), "SLURM_ARRAY_TASK_ID")),
        ("", array(0, 9, 0, 8), (Shard(1, 9), "SLURM_ARRAY_TASK_ID")),
    ],
)
def test_the_parameter_goes_before_the_environment(text, environment, expected):
    assert chosen_shard(text, environment) == expected


@pytest.mark.parametrize(
    "environment",
    [
        array(7, 2, 3, 7),
        array(3, 3, 3, 5),
        array(1, 2, 1, 3),
        {"SLURM_ARRAY_TASK_ID": "3"},
    ],
)
def test_an_array_with_gaps_is_refused(environment):
    with pytest.raises(ContractError, match="does not give the number of shards"):
        chosen_shard("", environment)
