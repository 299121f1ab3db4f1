"""Texts of errors: a template and its values, so that they can be translated."""

import pytest

from geosam_processing.contract import ContractError, EncodeRequest, Model, Raster
from geosam_processing.contract.errors import EngineError, UserError


def test_values_stand_in_the_template() -> None:
    error = UserError("Invalid stride ({}): at most {}", 9, 4.5)
    assert str(error) == "Invalid stride (9): at most 4.5"
    assert error.text.template == "Invalid stride ({}): at most {}"
    assert error.text.values == ("9", "4.5")


def test_a_text_without_values_stands_as_it_is() -> None:
    assert str(EngineError("Braces {} of a file {name}", kind="RasterError")) == (
        "Braces {} of a file {name}"
    )


def test_secrets_of_addresses_are_hidden_in_values() -> None:
    error = UserError("The raster {} cannot be opened", "https://me:secret@example.org/a.tif")
    assert "secret" not in str(error) and "secret" not in "".join(error.text.values)


def test_requests_raise_templates() -> None:
    with pytest.raises(ContractError) as caught:
        EncodeRequest(Raster("a.tif"), Model("vit_b"), "out", "a", stride=5000)
    assert "5000" in str(caught.value)
