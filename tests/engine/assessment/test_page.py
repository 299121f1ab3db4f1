"""The page of an assessment: whole, escaped, without other files."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import rasterio
from PIL import Image
from pyproj import CRS
from shapely import Polygon, box

from geosam_processing.contract import Raster
from geosam_processing.engine.assessment import PolygonLayer, assess
from geosam_processing.engine.assessment.cases import worst_cases
from geosam_processing.engine.assessment.page import page
from geosam_processing.engine.raster.view import open_source

UTM = CRS("EPSG:32633")
SVG = "{http://www.w3.org/2000/svg}"


def layer(
    places: list[float], scores: list[float] | None = None, classes: list[str] | None = None
) -> PolygonLayer:
    """Squares of ten meters at distances to the east."""
    squares = [box(x, 5_000_000, x + 10, 5_000_010) for x in 500_000 + np.array(places)]
    return PolygonLayer(
        np.array(squares, dtype=object),
        UTM,
        np.arange(len(places)) + 1,
        None if scores is None else np.array(scores),
        None if classes is None else np.array(classes, dtype=object),
    )


def pictures(text: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", text, re.S)]


def test_page_has_figures_charts_and_cases() -> None:
    assessment = assess(
        layer([0, 101, 300], [0.9, 0.8, 0.7], ["tree", "tree", "<b>&"]),
        layer([0, 100, 200], None, ["tree", "tree", "<b>&"]),
    )
    text = page(assessment, 0.5)
    assert "2 of 3 objects match one of 3 references" in text
    assert "<td>0.667</td>" in text
    assert "&lt;b&gt;&amp;" in text and "<b>&" not in text
    curve, histogram, *cases = pictures(text)
    assert curve.find(f"{SVG}polyline") is not None
    bars = [bar.findtext(f"{SVG}title") for bar in histogram.iter(f"{SVG}rect")]
    assert [bar for bar in bars if bar and not bar.endswith(": 0")] == [
        "0.00 to 0.05: 1",
        "0.80 to 0.85: 1",
        "0.95 to 1.00: 1",
    ]
    assert len(cases) == 4  # two matches, a missed reference, a false alarm
    assert "src=" not in text and not re.search(r'href="(?!data:)', text)


def test_page_of_empty_layers_is_whole() -> None:
    text = page(assess(layer([]), layer([])), 0.5)
    assert text.endswith("</html>\n") and "0 of 0 objects" in text
    assert len(pictures(text)) == 1


def test_page_tells_of_repaired_and_unusable_polygons() -> None:
    bow_tie = Polygon([(5e5, 5e6), (5e5 + 9, 5e6 + 9), (5e5 + 9, 5e6), (5e5, 5e6 + 9)])
    shapes = np.array([bow_tie, Polygon()], dtype=object)
    text = page(assess(PolygonLayer(shapes, UTM, np.arange(2)), layer([0])), 0.5)
    assert "Objects with an invalid geometry, which was repaired: 1" in text
    assert "Objects without an area, which do not count: 1 (ids 1)" in text


def test_worst_cases_come_in_their_order() -> None:
    objects = layer([3, 101, 300, 400], [0.1, 0.2, 0.3, 0.4])
    weak, missed, wrong = worst_cases(assess(objects, layer([0, 100, 200])))
    assert [case.caption for case in weak.cases] == [
        "IoU 0.54: object 1, reference 1",
        "IoU 0.82: object 2, reference 2",
    ]
    assert [case.references for case in missed.cases] == [(2,)]
    assert [case.caption for case in wrong.cases] == [
        "Object 4, score 0.40",
        "Object 3, score 0.30",
    ]


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_thumbnails_show_the_raster_under_the_outlines(tmp_path: Path, dtype: str) -> None:
    """The reference lies on the bright square, in the middle half of its thumbnail."""
    path = tmp_path / "bright.tif"
    pixels = np.full((1, 60, 60), 20, dtype)
    pixels[:, 20:40, 20:40] = 220
    transform = rasterio.transform.from_origin(500_000 - 10, 5_000_010 + 10, 0.5, 0.5)
    with rasterio.open(
        path, "w", driver="GTiff", width=60, height=60, count=1, dtype=dtype,
        crs="EPSG:32633", transform=transform,
    ) as file:  # fmt: skip
        file.write(pixels)
    with open_source(Raster(str(path))) as view:
        text = page(assess(layer([]), layer([0, 5000])), 0.5, view)
    first, far = pictures(text)[-2:]
    assert far.find(f"{SVG}image") is None  # outside the raster
    image = first.find(f"{SVG}image")
    assert image is not None
    content = image.attrib["{http://www.w3.org/1999/xlink}href"].split(",")[1]
    shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(content))).convert("L"))
    scale = float(image.attrib["width"]) / shown.shape[1]
    bright = (np.argwhere(shown > 128)[:, ::-1] + 0.5) * scale
    bright += [float(image.attrib["x"]), float(image.attrib["y"])]
    assert bright.min() == pytest.approx(200 / 6, abs=8)
    assert bright.max() == pytest.approx(200 * 5 / 6, abs=8)
    outline = first.find(f"{SVG}path")
    assert outline is not None
    numbers = np.array(re.findall(r"-?[\d.]+", outline.attrib["d"]), float)
    assert numbers.min() == pytest.approx(200 / 6, abs=0.2)
    assert numbers.max() == pytest.approx(200 * 5 / 6, abs=0.2)
