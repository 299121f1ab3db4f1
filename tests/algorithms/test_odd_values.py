"""Values that no algorithm may take, or repeat, whichever of its parameters gets them."""

from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingContext, QgsProcessingException

from geosam_processing.algorithms import ALGORITHMS
from geosam_processing.qgis_tools.inputs import Inputs

pytestmark = pytest.mark.usefixtures("qgis_application")

LAYERS = {"raster", "source", "vector", "multilayer", "layer"}


@pytest.mark.parametrize("kind", ALGORITHMS, ids=lambda kind: kind.NAME)
@pytest.mark.parametrize(
    "address",
    [
        "/vsicurl/http://127.0.0.1:9/x.tif?token=S3CRET",
        "/vsicurl?header.Authorization=Bearer%20S3CRET&url=http%3A%2F%2F127.0.0.1%3A9%2Fx.tif",
        "postgres://dbname='x' host=127.0.0.1 port=9 password='S3CRET' table=\"a\".\"b\" (geom)",
    ],
)
def test_secrets_of_layers_are_not_repeated(kind: Any, address: str) -> None:
    algorithm = kind().create()
    definitions = algorithm.parameterDefinitions()
    layers = [each.name() for each in definitions if each.type() in LAYERS]
    for name in layers:
        others = {each: address for each in layers if each != name}
        for parameters in ({name: address}, {name: address, **others}):
            good, problem = algorithm.checkParameterValues(parameters, QgsProcessingContext())
            assert not good and problem
            assert "S3CRET" not in problem


@pytest.mark.parametrize("kind", ALGORITHMS, ids=lambda kind: kind.NAME)
def test_nan_is_no_number(kind: Any) -> None:
    algorithm = kind().create()
    for definition in algorithm.parameterDefinitions():
        if definition.type() != "number":
            continue
        key = definition.name()
        for nan in ("nan", float("nan")):
            inputs = Inputs(algorithm, {key: nan}, QgsProcessingContext())
            for read in (inputs.number, inputs.whole_number):
                with pytest.raises(QgsProcessingException, match=rf"{key} \(nan\)"):
                    read(key)
        # A dialog has it for a number that is not set.
        assert inputs.optional_number(key) is None and inputs.optional_whole_number(key) is None
        text = Inputs(algorithm, {key: "nan"}, QgsProcessingContext())
        for read_if_given in (text.optional_number, text.optional_whole_number):
            with pytest.raises(QgsProcessingException, match=rf"{key} \(nan\)"):
                read_if_given(key)


def test_nan_as_the_spacing_of_points_is_refused() -> None:
    (kind,) = (each for each in ALGORITHMS if each.NAME == "segmenteverything")
    algorithm = kind().create()
    parameters = {"FEATURES": "/tmp", "SPACING": "nan", "OUTPUT": "memory:"}
    good, problem = algorithm.checkParameterValues(parameters, QgsProcessingContext())
    assert not good and "Invalid SPACING (nan)" in problem
