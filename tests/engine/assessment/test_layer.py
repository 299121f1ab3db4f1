"""Polygons repaired, projected and cut."""

from __future__ import annotations

import geopandas
import numpy as np
import pytest
import shapely
from pyproj import CRS, Geod
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from geosam_processing.engine.assessment.layer import (
    MeasuredLayer,
    PolygonLayer,
    equal_area_crs,
    in_meters,
    measured,
)
from geosam_processing.engine.errors import AssessmentError

UTM = CRS("EPSG:32633")
BOW_TIE = Polygon([(0, 0), (20, 20), (20, 0), (0, 20)])


def layer(*geometries: object, crs: CRS = UTM) -> PolygonLayer:
    shapes = np.empty(len(geometries), dtype=object)
    shapes[:] = geometries
    return PolygonLayer(shapes, crs, np.arange(len(geometries)) + 10)


def at_origin(geometry: shapely.Geometry) -> shapely.Geometry:
    """The geometry in the middle of the UTM zone, where the scale is 0.9996."""
    return shapely.transform(geometry, lambda points: points + [500_000, 5_000_000])


def measured_alone(*geometries: object, crs: CRS = UTM) -> MeasuredLayer:
    polygons = layer(*geometries, crs=crs)
    return measured(polygons, equal_area_crs([polygons]))


def test_areas_are_those_on_the_ellipsoid() -> None:
    """Also of degrees, and far from the equator."""
    for latitude in (0, 50, 80):
        square = box(15, latitude, 15.001, latitude + 0.001)
        expected = abs(Geod(ellps="WGS84").geometry_area_perimeter(square)[0])
        found = measured_alone(square, crs=CRS("EPSG:4326"))
        assert found.areas == pytest.approx(expected, rel=1e-6)
    assert measured_alone(at_origin(box(0, 0, 10, 10))).areas == pytest.approx(
        100 / 0.9996**2, rel=1e-6
    )


def test_center_of_data_on_the_antimeridian_is_there() -> None:
    halves = layer(box(179.9, -17, 180, -16), box(-180, -17, -179.9, -16), crs=CRS("EPSG:4326"))
    target = equal_area_crs([halves])
    assert target.coordinate_operation is not None
    latitude, longitude, *_ = target.coordinate_operation.params
    assert abs(float(longitude.value)) == pytest.approx(180, abs=0.01)
    assert float(latitude.value) == pytest.approx(-16.5, abs=0.01)
    found = measured(halves, target)
    # Both lie at the center, where a degree is what it is.
    assert np.abs(shapely.bounds(found.geometries)[:, [0, 2]]).max() < 11_000
    assert found.areas[0] == pytest.approx(found.areas[1])


def test_unit_of_the_crs_does_not_matter() -> None:
    """A square of ten US survey feet, in New York's State Plane CRS."""
    square = box(1_000_000, 200_000, 1_000_010, 200_010)
    found = measured_alone(square, crs=CRS("EPSG:2263"))
    assert found.areas == pytest.approx(100 * 0.3048006**2, rel=1e-3)


def test_crs_without_a_place_is_refused() -> None:
    local = CRS('LOCAL_CS["site",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]')
    with pytest.raises(AssessmentError, match="CRS site has no known place"):
        measured_alone(box(0, 0, 10, 10), crs=local)


def test_crs_bound_to_a_datum_shift_is_measured() -> None:
    bound = CRS("+proj=utm +zone=33 +ellps=bessel +towgs84=598,74,418,0.2,0,-2.5,6.7 +type=crs")
    assert measured_alone(at_origin(box(0, 0, 10, 10)), crs=bound).areas == pytest.approx(
        100, rel=1e-2
    )


def test_long_edges_bend_with_the_projection() -> None:
    """A parallel of ten degrees is no straight line."""
    wide = box(10, 59, 20, 60)
    crs = CRS("EPSG:4326")
    dense = shapely.segmentize(wide, 0.01)
    expected = abs(Geod(ellps="WGS84").geometry_area_perimeter(dense)[0])
    assert measured_alone(wide, crs=crs).areas == pytest.approx(expected, rel=1e-5)


def test_invalid_polygons_are_repaired_and_counted() -> None:
    found = measured_alone(at_origin(BOW_TIE), at_origin(box(0, 0, 10, 10)))
    assert found.repaired == 1
    assert len(found.unusable_ids) == 0
    assert shapely.is_valid(found.geometries).all()
    assert found.areas[0] == pytest.approx(200, rel=1e-3)


def test_geometries_without_an_area_are_counted() -> None:
    """Missing, empty, a point, a line, a polygon on a line, and one beyond the projection."""
    flat = Polygon([(0, 0), (10, 10), (20, 20)])
    nowhere = box(np.inf, 0, np.inf, 1)
    found = measured_alone(
        None, Polygon(), Point(5e5, 5e6), at_origin(LineString([(0, 0), (1, 1)])),
        at_origin(flat), nowhere, at_origin(box(0, 0, 10, 10)),
    )  # fmt: skip
    assert found.ids.tolist() == [16]
    assert found.unusable_ids.tolist() == [10, 11, 12, 13, 14, 15]
    assert found.repaired == 0


def test_only_the_polygons_of_a_collection_count() -> None:
    collection = GeometryCollection(
        [box(0, 0, 10, 10), MultiPolygon([box(5, 0, 15, 10)]), Point(50, 50)]
    )
    found = measured_alone(at_origin(collection))
    assert found.areas == pytest.approx(150, rel=1e-3)


def test_heights_are_dropped() -> None:
    raised = shapely.force_3d(at_origin(box(0, 0, 10, 10)), 7)
    assert not shapely.has_z(measured_alone(raised).geometries).any()


def test_polygons_are_cut_to_the_area_and_weighed() -> None:
    """Complete inside, a quarter inside, touching from outside, and far away."""
    squares = [box(x, 0, x + 10, 10) for x in (10, 17.5, 20, 500)]
    polygons = layer(*map(at_origin, squares))
    crs = equal_area_crs([polygons])
    area, _ = in_meters(np.array([at_origin(box(0, -50, 20, 50))], dtype=object), UTM, crs)
    found = measured(polygons, crs, area[0])
    assert found.ids[found.weights > 1e-3].tolist() == [10, 11]
    assert found.weights[:2] == pytest.approx([1, 0.25], rel=1e-4)
    assert found.areas[:2] == pytest.approx([100, 25], rel=1e-3)
    assert found.whole.tolist()[:2] == [True, False]
    assert found.outside + len(found) == 4


def test_polygon_that_also_touches_the_area_from_outside_is_cut_to_polygons() -> None:
    """A hook whose end comes back to the area's border."""
    target = CRS.from_proj4("+proj=laea +lat_0=10 +lon_0=20 +datum=WGS84 +units=m")
    hook = shapely.union_all([box(-10, 0, 10, 10), box(5, 10, 10, 20), box(0, 15, 10, 20)])
    area = box(-50, -50, 0, 50)
    assert shapely.intersection(hook, area).geom_type == "GeometryCollection"
    found = measured(layer(hook, crs=target), target, area)
    assert found.geometries[0].geom_type == "Polygon"
    assert found.areas == pytest.approx(100)


def test_many_polygons_report_progress() -> None:
    places = np.arange(6000.0)
    polygons = PolygonLayer(
        shapely.box(500_000 + places, 5_000_000, 500_001 + places, 5_000_001),
        UTM,
        np.arange(6000),
    )
    done: list[tuple[int, int]] = []
    found = measured(polygons, equal_area_crs([polygons]), None, lambda *now: done.append(now))
    assert done == [(5000, 6000), (6000, 6000)]
    assert found.ids.tolist() == polygons.ids.tolist()


def test_frame_gives_ids_scores_and_classes() -> None:
    frame = geopandas.GeoDataFrame(
        {"confidence": [0.5, None], "kind": ["tree", None]},
        geometry=[box(0, 0, 1, 1), box(1, 1, 2, 2)],
        index=[4, 9],
        crs=UTM,
    )
    polygons = PolygonLayer.from_frame(frame, "confidence", "kind")
    assert polygons.ids.tolist() == [4, 9]
    assert polygons.scores is not None and polygons.classes is not None
    assert polygons.scores[0] == 0.5 and np.isnan(polygons.scores[1])
    assert polygons.classes.tolist() == ["tree", ""]
    plain = PolygonLayer.from_frame(frame)
    assert plain.scores is None and plain.classes is None
