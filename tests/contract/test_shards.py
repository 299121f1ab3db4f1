import pytest

from geosam_processing.contract import ContractError, Shard


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
