"""``geosam:previewpatches``, and the settings files that it and ``geosam:encoderaster`` share."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsRasterLayer,
    QgsRasterRange,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorLayer,
)

from geosam_processing.algorithms.encode_raster import EncodeRaster
from geosam_processing.qgis_tools.inputs import Inputs
from tests.algorithms.scene import (
    EPSG,
    HEIGHT,
    LEFT,
    SQUARES,
    TOP,
    WIDTH,
    Run,
    box_wkt,
    memory_layer,
)

pytestmark = pytest.mark.usefixtures("qgis_application")


def preview(raster: Any, **parameters: Any) -> Run:
    values = {
        "INPUT": str(raster) if isinstance(raster, Path) else raster,
        "DEVICE": False,
        "SECONDS_PER_PATCH": 3,
        "PATCHES": "memory:",
        **parameters,
    }
    given = {key: value for key, value in values.items() if value is not None}
    return Run("geosam:previewpatches", given)


def outlines(run: Run) -> list[tuple[Any, ...]]:
    return [
        (row["chip_id"], row["row"], row["column"], row.geometry().asWkt(6))
        for row in run.rows("PATCHES")
    ]


def objects() -> QgsVectorLayer:
    """The squares of the scene, one far away, one without a geometry."""
    rows: list[tuple[Any, ...]] = [
        (
            box_wkt((LEFT + x, TOP - y - side, LEFT + x + side, TOP - y)),
            f"s{number}",
        )
        for number, (x, y, side) in enumerate(SQUARES)
    ]
    rows.append((box_wkt((LEFT - 900, TOP, LEFT - 890, TOP + 10)), "away"))
    rows.append((None, "none"))
    return memory_layer("Polygon", rows)


def test_patches_are_those_that_were_encoded(encoded: Run, raster: Path, features: str) -> None:
    run = preview(raster, FEATURES=features)
    assert outlines(run) == outlines(encoded)
    assert run.layer("PATCHES").crs().authid() == f"EPSG:{EPSG}"
    assert [(row["x"], row["width"], row["cached"]) for row in run.rows("PATCHES")] == [
        (0, 512, True),
        (WIDTH - 512, 512, True),
    ]
    results = run.results
    assert (results["PATCH_COUNT"], results["SKIPPED_COUNT"], results["CACHED_COUNT"]) == (2, 0, 2)
    assert results["ESTIMATED_SECONDS"] == 0
    assert results["RECOMMENDED_STRIDE"] is None


def test_numbers(raster: Path) -> None:
    results = preview(raster, OVERLAP=50, RANGE=[0, 255]).results
    assert results["PATCH_COUNT"] == 1 + -(-(WIDTH - 512) // 256)
    assert results["PATCH_WIDTH"] == 512 and results["OVERLAP_PERCENT"] == 50
    assert results["VALUE_RANGE"] == "0.0,255.0"
    assert results["ESTIMATED_SECONDS"] == 3 * results["PATCH_COUNT"]
    assert results["EVERYTHING_POINTS"] == WIDTH * HEIGHT // 16**2
    assert results["EVERYTHING_SECONDS"] is None
    assert results["DISK_MB"] > 0.4 and results["MEMORY_MB"] > 500


def test_time_is_measured_without_a_rate(raster: Path) -> None:
    run = preview(raster, SECONDS_PER_PATCH=None)
    assert 0 < run.results["ESTIMATED_SECONDS"] < 600
    assert 0 < run.results["EVERYTHING_SECONDS"] < 600
    assert any("Measured" in line for line in run.feedback.lines)


def test_objects_recommendation_and_comparison(raster: Path) -> None:
    run = preview(
        raster,
        OBJECTS=objects(),
        MARGIN=4,
        OBJECT_FITS="memory:",
        COMPARISON="memory:",
        COMPARE_RESOLUTIONS="1, 2",
        COMPARE_STRIDES="512;256",
    )
    fits = run.rows("OBJECT_FITS")
    assert [row["name"] for row in fits] == ["s0", "s1", "s2", "s3", "away", "none"]
    assert all(row["containing_count"] > 0 and row["chip_id"] for row in fits[:4])
    assert [row["containing_count"] for row in fits[4:]] == [0, 0]
    assert fits[0]["size_in_patches"] == pytest.approx(SQUARES[0][2] / 512)
    found = run.results
    assert found["COVERED_PERCENT"] == 100
    assert (found["RECOMMENDED_RESOLUTION"], found["RECOMMENDED_STRIDE"]) == (1.0, 512)
    table = [(r["resolution_m"], r["stride"], r["patch_count"]) for r in run.rows("COMPARISON")]
    assert [row[:2] for row in table] == [(1, 512), (1, 256), (2, 512), (2, 256)]
    assert table[0][2] == 2 and table[2][2] == 1
    assert any("1 of 6" in line or "1 of 5" in line for line in run.feedback.warnings)


def test_picture(raster: Path, tmp_path: Path) -> None:
    run = preview(raster, PREVIEW=str(tmp_path / "p.png"), PATCHES=None)
    assert Path(run.results["PREVIEW"]).read_bytes().startswith(b"\x89PNG")
    assert "PATCHES" not in run.results


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"INPUT": None}, "no value specified for parameter"),
        ({"STRIDE": 1000}, "valid values are 1 to 512"),
        ({"BANDS": [7]}, "Invalid band number for BANDS"),
        ({"RANGE": [9, 3]}, "Invalid value range"),
        ({"COMPARE_STRIDES": "a", "COMPARISON": "memory:"}, "Invalid COMPARE_STRIDES"),
        ({"COMPARE_STRIDES": "513", "COMPARISON": "memory:"}, r"Invalid stride to compare \(513\)"),
        ({"SECONDS_PER_PATCH": 0}, r"Invalid SECONDS_PER_PATCH \(0.0 s\)"),
        ({"PATCH_LIMIT": 0}, "PATCH_LIMIT"),
        ({"CRS": "nonsense"}, r"Invalid CRS \(nonsense\)"),
        ({"SETTINGS_FILE": "/proc/none.json"}, "for SETTINGS_FILE"),
        ({"OBJECTS": "table"}, "OBJECTS .* has no geometry"),
        ({"COMPARE_RESOLUTIONS": "-1"}, "Invalid COMPARE_RESOLUTIONS"),
        ({"RESOLUTION": 2, "RESOLUTION_SCALE": 2}, "(?i)resolution.scale"),
        ({"FEATURES": "/none"}, "has no manifest"),
    ],
    ids=str,
)
def test_bad_input(raster: Path, parameters: dict[str, Any], text: str) -> None:
    if "FEATURES" in parameters:
        run = preview(raster, **parameters)
        assert any(text in line for line in run.feedback.warnings)
        return
    if "OBJECTS" in parameters:
        parameters = {"OBJECTS": memory_layer("None", [], crs="")}
    with pytest.raises(QgsProcessingException, match=text):
        preview(raster, **parameters)


def test_settings_make_the_same_patches(raster: Path, tmp_path: Path) -> None:
    extent = QgsReferencedRectangle(
        QgsRectangle(LEFT + 10, TOP - HEIGHT + 5, LEFT + WIDTH - 20, TOP - 7),
        QgsCoordinateReferenceSystem(f"EPSG:{EPSG}"),
    )
    settings = tmp_path / "settings.json"
    shown = preview(
        raster,
        EXTENT=extent,
        BANDS=[3, 1],
        OVERLAP=60,
        RESOLUTION_SCALE=1.3,
        RANGE=[3, 200],
        CRS=QgsCoordinateReferenceSystem("EPSG:3857"),
        SETTINGS_FILE=str(settings),
    )
    inputs = json.loads(settings.read_text())["inputs"]
    assert (inputs["STRIDE"], inputs["OVERLAP"]) == (205, 60)
    run = Run(
        "geosam:encoderaster",
        {
            "INPUT": str(raster),
            "SETTINGS": str(settings),
            "OUTPUT": str(tmp_path / "f"),
            "PATCHES": "memory:",
        },
    )
    assert outlines(run) == outlines(shown)
    assert any("3 to 200, as given" in line for line in run.feedback.lines)
    again = preview(raster, SETTINGS=str(settings), FEATURES=run.results["OUTPUT"])
    assert again.results["CACHED_COUNT"] == run.results["PATCH_COUNT"]


def test_settings_cannot_keep_a_crs_that_only_the_layer_has(raster: Path, tmp_path: Path) -> None:
    layer = QgsRasterLayer(str(raster), "moved")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:32633"))
    run = preview(layer, SETTINGS_FILE=str(tmp_path / "s.json"))
    (warning,) = run.feedback.warnings
    assert "SETTINGS_FILE cannot keep the CRS" in warning and "EPSG:32633" in warning


def test_settings_do_not_name_an_address_with_a_secret(raster: Path, tmp_path: Path) -> None:
    settings = tmp_path / "s.json"
    archive = tmp_path / "a.zip"
    for name, named in (("a.tif", True), ("a.tif?token=hidden7", False)):
        with zipfile.ZipFile(archive, "w") as file:
            file.write(raster, name)
        source = f"/vsizip/{archive}/{name}"
        run = preview(QgsRasterLayer(source, "a"), SETTINGS_FILE=str(settings))
        text = settings.read_text()
        assert json.loads(text)["inputs"]["INPUT"] == (source if named else None)
        assert "hidden7" not in text and "hidden7" not in "".join(run.feedback.lines)
        warned = ["SETTINGS_FILE does not name the raster" in w for w in run.feedback.warnings]
        assert warned == ([] if named else [True])
        layer = QgsRasterLayer(source, "a")
        parameters = {
            "SETTINGS": str(settings),
            "INPUT": layer,
            "OUTPUT": str(tmp_path / f"{named}"),
        }
        Run("geosam:encoderaster", parameters)


def test_another_raster_in_the_settings_is_logged(raster: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "s.json", INPUT="/elsewhere/other.tif", STRIDE=256)
    parameters = {"SETTINGS": str(path), "INPUT": str(raster), "OUTPUT": str(tmp_path / "f")}
    run = Run("geosam:encoderaster", parameters)
    assert any("names another raster, /elsewhere/other.tif" in line for line in run.feedback.lines)
    parameters["SETTINGS"] = str(write(tmp_path / "own.json", INPUT=str(raster), STRIDE=256))
    run = Run("geosam:encoderaster", parameters)
    assert not any("another raster" in line for line in run.feedback.lines)


def test_settings_cannot_keep_no_data_that_only_the_layer_has(raster: Path, tmp_path: Path) -> None:
    layer = QgsRasterLayer(str(raster), "holes")
    for band in (1, 2, 3):
        layer.dataProvider().setUserNoDataValue(band, [QgsRasterRange(47, 47)])
    run = preview(layer, SETTINGS_FILE=str(tmp_path / "s.json"))
    assert any(
        "SETTINGS_FILE cannot keep the settings for no data" in w for w in run.feedback.warnings
    )


def write(path: Path, **inputs: Any) -> Path:
    path.write_text(json.dumps({"inputs": inputs}))
    return path


def settled(parameters: dict[str, Any]) -> dict[str, Any]:
    """What ``geosam:encoderaster`` makes of its parameters."""
    algorithm = EncodeRaster()
    algorithm.initAlgorithm()
    algorithm.resolve(Inputs(algorithm, parameters, QgsProcessingContext()))
    return algorithm._settings


def test_what_is_given_overrules_the_file(raster: Path, tmp_path: Path) -> None:
    path = write(
        tmp_path / "s.json",
        INPUT=str(raster),
        STRIDE=256,
        OVERLAP=10,
        RESOLUTION=2,
        MODEL="vit_b",
        CHECKPOINT="/m/x.pt",
        RANGE=[1, 9],
    )
    taken = settled({"INPUT": str(raster), "SETTINGS": str(path)})
    assert (taken["stride"], taken["overlap"], taken["value_range"]) == (256, 10, (1, 9))
    assert (taken["model"].model, taken["model"].checkpoint) == ("vit_b", "/m/x.pt")
    # A script names what it wants, also a default.
    own = {"STRIDE": 512, "MODEL": "vit_l", "RESOLUTION_SCALE": 3}
    given = settled({"INPUT": str(raster), "SETTINGS": str(path), **own})
    assert (given["stride"], given.get("overlap")) == (512, None)
    assert (given["model"].model, given["model"].checkpoint) == ("vit_l", "")
    assert (given["target_resolution"], given["resolution_scale"]) == (None, 3)


def test_dialog_overrules_by_what_differs_from_its_default(raster: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "s.json", INPUT="/none.tif", STRIDE=256, BATCH_SIZE=4, RANGE=[1, 9])
    algorithm = EncodeRaster()
    algorithm.initAlgorithm()
    everything = {
        each.name(): each.defaultValue()
        for each in algorithm.parameterDefinitions()
        if not each.isDestination()
    }
    everything.update(
        INPUT=str(raster),
        SETTINGS=str(path),
        BATCH_SIZE=2,
        # As the widgets say "none".
        CRS=QgsCoordinateReferenceSystem(),
        RANGE="None,None",
        CHECKPOINT=NULL,
    )
    taken = settled(everything)
    assert (taken["stride"], taken["batch_size"], taken["value_range"]) == (256, 2, (1, 9))
    assert taken["raster"].source == str(raster)


@pytest.mark.parametrize(
    ("model_type", "model"),
    [("sam2.1_b", "sam2.1_hiera_base_plus"), (2, "vit_b"), (0, "vit_h"), ("vit_l", "vit_l")],
)
def test_files_of_geosam(raster: Path, tmp_path: Path, model_type: Any, model: str) -> None:
    path = write(
        tmp_path / "s.json",
        INPUT=raster.name,
        BANDS=[1, 2, 3],
        RANGE=None,
        CRS=f"EPSG:{EPSG}",
        EXTENT=f"{LEFT}, {LEFT + 300}, {TOP - 200}, {TOP} [EPSG:{EPSG}]",
        RESOLUTION=1.0,
        STRIDE=300,
        CKPT="",
        MODEL_TYPE=model_type,
        BATCH_SIZE=1,
        CUDA_ID=0,
    )
    taken = settled({"INPUT": str(raster), "SETTINGS": str(path)})
    assert taken["raster"].extent == (LEFT, TOP - 200, LEFT + 300, TOP)
    assert (taken["raster"].bands, taken["stride"]) == ((1, 2, 3), 300)
    assert (taken["model"].model, taken["value_range"]) == (model, None)
    # The layer's own resolution is no wish to warp it.
    assert taken["target_resolution"] is None


def test_resolution_of_geosam_is_in_units_of_the_layer(raster: Path, tmp_path: Path) -> None:
    layer = QgsRasterLayer(str(raster), "feet")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:2263"))
    path = write(tmp_path / "s.json", RESOLUTION=2.0, CKPT="", MODEL_TYPE=None)
    taken = settled({"SETTINGS": str(path), "INPUT": layer})
    assert taken["target_resolution"] == pytest.approx(0.6096, rel=1e-4)
    ours = write(tmp_path / "ours.json", RESOLUTION=2.0, MODEL="geosam_nano", CKPT="")
    assert settled({"SETTINGS": str(ours), "INPUT": layer})["target_resolution"] == 2.0


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("{", "is no JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"inputs": {"STRIDE": NaN}}', "NaN is no number"),
        ('{"inputs": {"MODEL_TYPE": "' + "x" * 2_000_000 + '"}}', "larger than 1024 kB"),
        ("[1]", "no JSON object"),
        ("{}", 'no "inputs"'),
        ('{"inputs": {"STRIDE": 5000}}', r"Invalid STRIDE \(5000\) in SETTINGS"),
        ('{"inputs": {"STRIDE": "many"}}', r"Invalid STRIDE \(many\) in SETTINGS"),
        ('{"inputs": {"STRIDE": true}}', r"Invalid STRIDE \(True\) in SETTINGS"),
        ('{"inputs": {"EXTENT": [1, 2, 3, 4]}}', r"Invalid EXTENT \(\[1, 2, 3, 4\]\) in SETTINGS"),
        ('{"inputs": {"DEVICE": "no"}}', r"Invalid DEVICE \(no\) in SETTINGS"),
        ('{"inputs": {"PRECISION": "float8"}}', r"Invalid PRECISION \(float8\)"),
        ('{"inputs": {"MODEL_TYPE": "sam4"}}', r"Invalid MODEL_TYPE \(sam4\)"),
        ('{"inputs": {"CRS": "EPSG:1"}}', r"Invalid CRS \(EPSG:1\)"),
        (None, "cannot be read"),
    ],
)
def test_bad_settings(raster: Path, tmp_path: Path, content: Any, text: str) -> None:
    path = tmp_path / "s.json"
    if content is not None:
        path.write_text(content)
    parameters = {"INPUT": str(raster), "SETTINGS": str(path)}
    with pytest.raises(QgsProcessingException, match=text):
        settled(parameters)
