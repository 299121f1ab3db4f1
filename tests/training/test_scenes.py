"""The scene generator: the same seed, the same scene; whole, promptable objects."""

import cv2
import numpy as np
import pytest

from training.canvas import Canvas
from training.fractals import fractal
from training.pool import cut_example, read_scene, write_scene
from training.scenes import (
    FAINT,
    HELD_OUT_SEEDS,
    MIN_AREA,
    MIN_SIDE,
    generate_scene,
    generate_varied_scene,
)
from training.sensors import SENSORS
from training.varied_scene import THEMES, degrade, lay_out


def test_same_seed_gives_same_scene():
    one, two = generate_scene(11, 256, 256), generate_scene(11, 256, 256)
    np.testing.assert_array_equal(one.picture, two.picture)
    np.testing.assert_array_equal(one.instances, two.instances)
    assert one.classes == two.classes


def test_other_seed_gives_other_scene():
    assert (generate_scene(11, 256, 256).picture != generate_scene(12, 256, 256).picture).any()


@pytest.mark.parametrize("seed", range(6))
def test_objects_are_connected_large_enough_and_named(seed):
    scene = generate_scene(seed)
    numbers = np.unique(scene.instances)
    assert set(numbers[numbers > 0]) == set(range(1, len(scene.classes) + 1))
    for number in range(1, len(scene.classes) + 1):
        mask = (scene.instances == number).astype(np.uint8)
        parts, _, statistics, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
        assert parts == 2
        assert statistics[1, cv2.CC_STAT_AREA] >= MIN_AREA
        assert min(statistics[1, cv2.CC_STAT_WIDTH], statistics[1, cv2.CC_STAT_HEIGHT]) >= MIN_SIDE


@pytest.mark.parametrize("sensor", SENSORS)
def test_every_sensor_takes_a_picture(sensor):
    scene = generate_scene(3, 256, 320, metres=1.0, sensor=sensor)
    assert scene.picture.shape == (256, 320, 3)
    assert scene.picture.dtype == np.uint8
    assert scene.picture.std() > 1
    if sensor in ("grey", "height", "index"):
        assert (scene.picture[..., 0] == scene.picture[..., 2]).all()


def test_pool_keeps_a_scene(tmp_path):
    path = write_scene(tmp_path, 5)
    picture, instances = read_scene(path)
    scene = generate_scene(5)
    np.testing.assert_array_equal(picture, scene.picture)
    np.testing.assert_array_equal(instances, scene.instances)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("side", [128, 256, 512])
def test_cut_example_fits_the_patch(side):
    scene = generate_scene(8)
    for seed in range(10):
        rng = np.random.default_rng(seed)
        example = cut_example(rng, scene.picture, scene.instances, side, 512)
        assert example.picture.shape == (side, side, 3)
        assert example.instances.shape == (side, side)
        assert all(0 <= o <= 512 - side and o % 128 == 0 for o in example.offset)


def test_sample_scene_is_held_out():
    from training import sample_scene

    assert sample_scene.SEED > HELD_OUT_SEEDS + 1000


def test_sample_scene_files(tmp_path):
    geopandas = pytest.importorskip("geopandas")
    rasterio = pytest.importorskip("rasterio")
    from training.sample_scene import LARGEST, METRES, write_sample_scene

    paths = write_sample_scene(tmp_path)
    with rasterio.open(paths["scene"]) as image:
        assert (image.count, image.dtypes[0], image.crs.to_epsg()) == (3, "uint8", 32633)
        bounds = image.bounds
    objects = geopandas.read_file(paths["objects"]).set_index("object_id")
    points = geopandas.read_file(paths["points"]).set_index("object_id")
    boxes = geopandas.read_file(paths["boxes"]).set_index("object_id")
    assert 60 <= len(objects) <= 150
    assert objects["class"].nunique() >= 5
    assert (objects.index == points.index).all()
    assert (objects.index == boxes.index).all()
    assert objects.contains(points.geometry).all()
    extents = objects.bounds
    assert (extents.maxx - extents.minx).max() <= LARGEST * METRES + 1e-6
    assert (boxes.bounds.minx >= bounds.left - 1e-6).all()
    assert (boxes.intersection(objects).area / objects.area).min() > 0.75


def test_same_seed_gives_same_varied_scene():
    one, two = generate_varied_scene(4, 256, 256), generate_varied_scene(4, 256, 256)
    np.testing.assert_array_equal(one.picture, two.picture)
    np.testing.assert_array_equal(one.instances, two.instances)
    np.testing.assert_array_equal(one.empty, two.empty)


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_lays_out_a_landscape(theme):
    rng = np.random.default_rng(1)
    canvas = Canvas(rng, 256, 256, 1.0)
    lay_out(canvas, theme)
    assert np.isfinite(canvas.bands).all()
    assert np.isfinite(canvas.heights).all()
    assert canvas.classes
    named = np.array(["", *canvas.classes])[canvas.instances]
    assert canvas.empty[named == "field"].all()
    assert not canvas.empty[np.isin(named, ["pond", "building", "thing"])].any()


@pytest.mark.parametrize("seed", range(3))
def test_varied_objects_are_connected_and_large_enough(seed):
    scene = generate_varied_scene(seed)
    for number in range(1, len(scene.classes) + 1):
        mask = (scene.instances == number).astype(np.uint8)
        parts, _, statistics, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
        assert parts == 2
        assert statistics[1, cv2.CC_STAT_AREA] >= FAINT.area


def test_degraded_gray_picture_stays_gray():
    picture = np.full((64, 64, 3), 90, np.uint8)
    picture[20:40, 20:40] = 160
    for seed in range(30):
        result = degrade(np.random.default_rng(seed), picture)
        assert result.shape == picture.shape
        assert np.abs(result[..., 0].astype(int) - result[..., 2]).max() <= 2


def test_fractal_has_no_mean_and_unit_deviation():
    plane = fractal(np.random.default_rng(0), (200, 300), 100, 1)
    assert plane.shape == (200, 300)
    assert abs(float(plane.mean())) < 1e-3
    assert abs(float(plane.std()) - 1) < 1e-3
