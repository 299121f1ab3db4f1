"""Prompts from the objects in a raster's band, and from polygons."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from scipy import ndimage

from geosam_processing.contract import (
    ContractError,
    MakePromptsRequest,
    MakePromptsResult,
    PolygonFile,
    PromptPlaces,
    Raster,
    Selection,
)
from geosam_processing.engine.discovery import from_raster, regions
from geosam_processing.engine.discovery.from_raster import make_prompts, otsu
from geosam_processing.engine.discovery.prompt_places import negative_points, positive_points
from geosam_processing.engine.errors import Cancelled, RasterError
from geosam_processing.engine.raster.view import open_source
from geosam_processing.engine.run import RunContext
from tests.engine.rasters import DEGREES, NORTH_UP, SOUTH_UP, write_raster

LEFT, TOP, PIXEL = NORTH_UP.c, NORTH_UP.f, NORTH_UP.a
# Columns and rows of rectangles: the first one crosses blocks of 16 pixels, the second and the
# third one share a corner, the fourth one is a ring.
RECTANGLES = ((10, 4, 40, 30), (44, 2, 50, 8), (50, 8, 56, 14), (10, 36, 40, 60))


def scene() -> np.ndarray:
    values = np.zeros((64, 64), np.float32)
    for left, top, right, bottom in RECTANGLES:
        values[top:bottom, left:right] = 5
    values[44:52, 20:30] = 0
    return values


def on_map(left: float, top: float, right: float, bottom: float) -> shapely.Polygon:
    return shapely.box(
        LEFT + PIXEL * left, TOP - PIXEL * bottom, LEFT + PIXEL * right, TOP - PIXEL * top
    )


class Made:
    """What a request wrote."""

    def __init__(self, folder: Path, source: Any, selection: Any = None, **places: Any) -> None:
        kind = "raster" if isinstance(source, Raster) else "polygons"
        request = MakePromptsRequest(
            points=str(folder / "points.gpkg"),
            boxes=str(folder / "boxes.gpkg"),
            selection=selection or Selection("above", 1.0),
            places=PromptPlaces(**places),
            **{kind: source},
        )
        self.result: MakePromptsResult = make_prompts(request)
        self.points = geopandas.read_file(request.points)
        self.boxes = geopandas.read_file(request.boxes)

    def at(self, number: int, label: int = 1) -> np.ndarray:
        chosen = (self.points["object"] == number) & (self.points["label"] == label)
        return shapely.get_coordinates(self.points.geometry[chosen].values)


def raster(folder: Path, values: Any = None, **options: Any) -> Raster:
    return Raster(
        write_raster(folder, scene() if values is None else values, **options), bands=(1,)
    )


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_raster, "scan", functools.partial(regions.scan, side=16))


@pytest.mark.usefixtures("small_blocks")
def test_each_rectangle_gets_its_box_and_its_center(tmp_path: Path) -> None:
    made = Made(tmp_path, raster(tmp_path))
    assert made.result.object_count == made.result.point_count == 4
    # From top to bottom.
    first, second, third, ring = (RECTANGLES[i] for i in (1, 0, 2, 3))
    for box, expected in zip(made.boxes.geometry, (first, second, third, ring), strict=True):
        assert box.equals(on_map(*expected))
    areas = made.boxes["area_m2"].to_numpy()
    pixels = np.array([36, 30 * 26, 36, 30 * 24 - 80])
    assert areas == pytest.approx(pixels * PIXEL**2, rel=1e-3)
    center = shapely.get_coordinates(on_map(*first).centroid)[0]
    assert made.at(1)[0] == pytest.approx(center, abs=0.1)
    # The thickest part of the ring is right and left of its hole.
    pole = shapely.Point(made.at(4)[0])
    assert on_map(*ring).contains(pole) and not on_map(20, 44, 30, 52).contains(pole)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**16), side=st.integers(3, 12), filled=st.floats(0.3, 0.7))
def test_regions_do_not_depend_on_blocks(
    tmp_path_factory: pytest.TempPathFactory, seed: int, side: int, filled: float
) -> None:
    pixels = np.random.default_rng(seed).random((14, 17)) < filled
    path = write_raster(tmp_path_factory.mktemp("noise"), pixels.astype(np.uint8))
    with open_source(Raster(path)) as view:
        found = regions.scan(
            view, lambda values: values > 0, lambda each: np.ones(len(each), bool), side=side
        ).regions
    labels, count = ndimage.label(pixels)
    assert len(found) == count
    expected = sorted(np.bincount(labels.ravel())[1:].tolist())
    assert sorted(shapely.area(found).round(9).tolist()) == expected
    assert shapely.is_valid(found).all()


def test_pixels_without_data_are_no_objects(tmp_path: Path) -> None:
    values = scene()
    values[4:30, 24:26] = -9
    made = Made(tmp_path, raster(tmp_path, values, nodata=-9), Selection("below", 6.0))
    assert made.result.object_count == 1
    values[:] = -9
    assert not Made(tmp_path, raster(tmp_path, values, nodata=-9)).result.object_count


@pytest.mark.parametrize(
    ("selection", "count"),
    [
        (Selection("below", 1.0), 2),
        (Selection("between", value_range=(4, 6)), 4),
        (Selection("between", value_range=(6, 7)), 0),
        (Selection(), 4),
    ],
)
def test_ways_to_choose_pixels(tmp_path: Path, selection: Selection, count: int) -> None:
    result = Made(tmp_path, raster(tmp_path), selection).result
    assert result.object_count == count
    assert (result.threshold is None) == (selection.method == "between")


def test_the_threshold_of_two_heaps_lies_between_them() -> None:
    random = np.random.default_rng(1)
    sample = np.concatenate([random.normal(-0.4, 0.05, 9000), random.normal(0.5, 0.05, 1000)])
    assert -0.2 < otsu(sample) < 0.3
    assert otsu(np.array([0, 0, 1])) == pytest.approx(0.5)
    with pytest.raises(RasterError, match="no two different values"):
        otsu(np.full(5, 3.0))


def test_limits_of_area_are_those_on_the_ellipsoid(tmp_path: Path) -> None:
    source = raster(tmp_path, grid=DEGREES, crs="EPSG:4326")
    made = Made(tmp_path, source)
    x, y = made.boxes.geometry[1].exterior.xy
    area = abs(Geod(ellps="WGS84").polygon_area_perimeter(x, y)[0])
    assert made.boxes["area_m2"][1] == pytest.approx(area, rel=1e-6)
    limited = Made(tmp_path, source, minimum_area=area * 0.5, maximum_area=area * 0.99)
    counts = limited.result
    assert (counts.object_count, counts.small_count, counts.large_count) == (1, 2, 1)
    padded = Made(tmp_path, source, padding_meters=10).boxes.geometry[0].bounds
    plain = made.boxes.geometry[0].bounds
    _, _, across = Geod(ellps="WGS84").inv(plain[0], plain[1], padded[0], plain[1])
    _, _, up = Geod(ellps="WGS84").inv(plain[0], plain[1], plain[0], padded[1])
    assert (across, up) == pytest.approx((10, 10), rel=1e-3)


def test_boxes_are_padded_and_end_with_the_raster(tmp_path: Path) -> None:
    made = Made(tmp_path, raster(tmp_path), padding=50)
    assert made.boxes.geometry[0].equals(on_map(41, 0, 53, 11))
    assert made.boxes.geometry[3].equals(on_map(0, 24, 55, 64))


@pytest.mark.usefixtures("small_blocks")
def test_maxima_share_out_their_region(tmp_path: Path) -> None:
    values = np.zeros((64, 64), np.float32)
    rows, columns = np.mgrid[:64, :64]
    crowns = ((16, 20, 9.0), (30, 20, 8.0), (50, 50, 7.0))
    for column, row, height in crowns:
        cone = height - 0.5 * np.hypot(columns - column, rows - row)
        values = np.maximum(values, cone.astype(np.float32))
    source = raster(tmp_path, values)
    made = Made(tmp_path, source, Selection("above", 3.0), mode="maxima", spacing=8.0)
    tops = {tuple(made.at(number)[0]) for number in (1, 2, 3)}
    assert tops == {
        (LEFT + PIXEL * (column + 0.5), TOP - PIXEL * (row + 0.5)) for column, row, _ in crowns
    }
    one, two, _ = made.boxes.geometry
    # Where both are as near, halfway between the tops.
    assert one.bounds[2] == two.bounds[0] == LEFT + PIXEL * 23.5
    far = Made(tmp_path, source, Selection("above", 3.0), mode="maxima", spacing=40.0)
    assert far.result.object_count == 2
    assert len(Made(tmp_path, source, Selection("above", 3.0)).boxes) == 2


def test_a_plateau_has_one_top(tmp_path: Path) -> None:
    made = Made(tmp_path, raster(tmp_path), mode="maxima", spacing=4.0)
    assert made.result.object_count == 4


def test_necks_are_cut(tmp_path: Path) -> None:
    values = np.zeros((40, 40), np.float32)
    values[5:15, 5:15] = values[5:15, 20:30] = values[9:11, 15:20] = 1
    source = raster(tmp_path, values)
    assert Made(tmp_path, source).result.object_count == 1
    boxes = Made(tmp_path, source, neck=6.0).boxes.geometry
    for left, box in zip((5, 20), boxes, strict=True):
        assert box.normalize().equals_exact(on_map(left, 5, left + 10, 15).normalize(), 1e-6)


def test_further_points_are_inside_and_far_from_each_other(tmp_path: Path) -> None:
    made = Made(tmp_path, raster(tmp_path), positive=4, negative=6)
    for number, rectangle in enumerate((RECTANGLES[1], RECTANGLES[0]), start=1):
        surface = on_map(*rectangle)
        positive, negative = made.at(number), made.at(number, 0)
        assert len(positive) == 4 and len(negative) == 6
        assert shapely.contains_xy(surface, positive).all()
        apart = np.hypot(*(positive[:, None] - positive[None]).T)[np.triu_indices(4, 1)]
        assert apart.min() > 0.4 * surface.area**0.5
        assert (shapely.distance(surface, shapely.points(negative)) > 0).all()
    # The small square touches another one at a corner, so the first point is on that.
    assert on_map(*RECTANGLES[2]).contains(shapely.Point(made.at(1, 0)[0]))


def test_points_beside_a_ring_are_in_its_hole_too() -> None:
    ring = shapely.box(0, 0, 30, 30) - shapely.box(10, 10, 20, 20)
    points = negative_points(ring, [], None, 3)
    assert points[0] == pytest.approx((15, 15), abs=0.1)
    assert not shapely.contains_xy(ring, points).any()
    assert len(positive_points(ring, 5)) == 5


def test_a_mask_with_colors_is_read_by_its_numbers(tmp_path: Path) -> None:
    source = raster(tmp_path, scene().astype(np.uint8))
    with rasterio.open(source.source, "r+") as dataset:
        dataset.write_colormap(1, {0: (255, 255, 255, 255), 5: (0, 0, 0, 255)})
    made = Made(tmp_path, source, Selection("between", value_range=(5, 5)))
    assert made.result.object_count == 4


def test_south_up_rasters(tmp_path: Path) -> None:
    made = Made(tmp_path, raster(tmp_path, grid=SOUTH_UP), positive=2, negative=2)
    left, top, right, bottom = RECTANGLES[1]
    expected = shapely.box(
        LEFT + PIXEL * left, TOP + PIXEL * top, LEFT + PIXEL * right, TOP + PIXEL * bottom
    )
    assert made.boxes.geometry[0].equals(expected)
    assert shapely.contains_xy(expected, made.at(1)).all()


def test_polygons_keep_their_ids(tmp_path: Path) -> None:
    shapes = [shapely.box(0, 0, 10, 10), shapely.Polygon(), shapely.box(20, 0, 21, 1)]
    table = geopandas.GeoDataFrame({"geosam_id": [7, 8, 9]}, geometry=shapes, crs="EPSG:32633")
    path = tmp_path / "objects.gpkg"
    table.to_file(path, driver="GPKG")
    made = Made(tmp_path, PolygonFile(str(path), "EPSG:32633"), minimum_area=50, padding=10)
    assert made.boxes["object"].tolist() == [7] == made.points["object"].tolist()
    assert made.boxes.geometry[0].bounds == pytest.approx((-1, -1, 11, 11))
    assert (made.result.small_count, made.result.unusable_count) == (1, 1)


def test_a_run_is_cancelled(tmp_path: Path) -> None:
    request = MakePromptsRequest("p.gpkg", "b.gpkg", raster=raster(tmp_path))
    with pytest.raises(Cancelled):
        make_prompts(request, RunContext(cancelled=lambda: True))


@pytest.mark.parametrize(
    ("build", "problem"),
    [
        (lambda: Selection("between"), "No range of values is given"),
        (lambda: Selection("between", value_range=(2, 1)), "Invalid range of values (2 to 1)"),
        (lambda: PromptPlaces(positive=0), "Invalid number of points on an object (0)"),
        (lambda: PromptPlaces(minimum_area=5, maximum_area=4), "Invalid maximum area (4 m2)"),
        (lambda: MakePromptsRequest("p", "b"), "give one of them"),
    ],
)
def test_what_cannot_be_is_refused(build: Any, problem: str) -> None:
    with pytest.raises(ContractError) as raised:
        build()
    assert problem in str(raised.value)
