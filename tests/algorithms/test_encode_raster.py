"""``geosam:encoderaster`` with the bundled model, on a scene of two patches."""

import os
import shutil
from pathlib import Path
from typing import Any, Optional

import numpy
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsRasterLayer,
    QgsRasterRange,
    QgsReferencedRectangle,
)

from geosam_processing.algorithms.encode_raster import EncodeRaster
from geosam_processing.algorithms.layers.inputs import raster_of_layer
from geosam_processing.algorithms.parameters.common import model_of
from geosam_processing.qgis_tools.inputs import Inputs
from tests.algorithms.scene import (
    EPSG,
    HEIGHT,
    LEFT,
    TOP,
    WIDTH,
    Run,
    image,
    write_raster,
)

pytestmark = pytest.mark.usefixtures("qgis_application")


def encode(raster: Any, folder: Path, **parameters: Any) -> Run:
    if isinstance(raster, Path):
        raster = str(raster)
    return Run(
        "geosam:encoderaster",
        {"INPUT": raster, "OUTPUT": str(folder), "DEVICE": False, **parameters},
    )


def test_encodes_and_shows_patches(encoded: Run) -> None:
    results = encoded.results
    assert (results["PATCH_COUNT"], results["REUSED_COUNT"], results["SKIPPED_COUNT"]) == (2, 0, 0)
    assert Path(results["MANIFEST"]) == Path(results["OUTPUT"]) / "manifest.parquet"
    assert Path(results["MANIFEST"]).is_file()
    assert len(list(Path(results["OUTPUT"]).glob("scene/features/*.pt"))) == 2
    rows = encoded.rows("PATCHES")
    assert [(row["chip_id"], row["row"], row["column"]) for row in rows] == [
        ("chip_000000", 0, 0),
        ("chip_000001", 0, 1),
    ]
    assert encoded.layer("PATCHES").crs().authid() == f"EPSG:{EPSG}"
    box = rows[1].geometry().boundingBox()
    assert (box.xMinimum(), box.xMaximum()) == (LEFT + WIDTH - 512, LEFT + WIDTH)
    assert (box.yMinimum(), box.yMaximum()) == (TOP - HEIGHT, TOP)


def test_names_the_official_model_for_real_work(encoded: Run) -> None:
    assert any("sam2.1_hiera" in line for line in encoded.feedback.lines)
    assert any("patch 2 of 2" in line for line in encoded.feedback.lines)


def test_second_run_reuses_and_other_settings_are_refused(raster: Path, features: str) -> None:
    again = encode(raster, Path(features))
    assert (again.results["PATCH_COUNT"], again.results["REUSED_COUNT"]) == (2, 2)
    with pytest.raises(QgsProcessingException, match="(?i)stride"):
        encode(raster, Path(features), STRIDE=128)
    assert encode(raster, Path(features)).results["REUSED_COUNT"] == 2


def test_extent_in_another_crs_cuts_the_raster(raster: Path, tmp_path: Path) -> None:
    from qgis.core import QgsCoordinateTransform, QgsProject, QgsRectangle

    wanted = QgsRectangle(LEFT + 100, TOP - 300, LEFT + 400, TOP - 100)
    geographic = QgsCoordinateReferenceSystem("EPSG:4326")
    transform = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem(f"EPSG:{EPSG}"), geographic, QgsProject.instance()
    )
    extent = QgsReferencedRectangle(transform.transformBoundingBox(wanted), geographic)
    run = encode(raster, tmp_path / "features", EXTENT=extent, PATCHES="memory:")
    (patch,) = run.rows("PATCHES")
    found = patch.geometry().boundingBox()
    assert found.contains(wanted)
    assert found.width() < wanted.width() + 20 and found.height() < wanted.height() + 20


def test_bands_range_precision_and_low_memory(raster: Path, tmp_path: Path) -> None:
    folder = tmp_path / "features"
    run = encode(
        raster,
        folder,
        BANDS=[3, 1],
        RANGE=[0, 255],
        PRECISION="float32",
        MEMORY_STRATEGY="low_memory",
        BATCH_SIZE=1,
    )
    assert run.results["PATCH_COUNT"] == 2
    assert any("0 to 255" in line for line in run.feedback.lines)
    # Both ways in which people write it are the same settings.
    for bands in ("3;1", "3, 1"):
        again = encode(raster, folder, BANDS=bands, RANGE="0,255", PRECISION="float32")
        assert again.results["REUSED_COUNT"] == 2
    with pytest.raises(QgsProcessingException, match="(?i)band"):
        encode(raster, folder, BANDS=[1, 3], RANGE=[0, 255], PRECISION="float32")


def test_precisions_of_the_computation_are_not_mixed(raster: Path, tmp_path: Path) -> None:
    folder = tmp_path / "features"
    with pytest.raises(
        QgsProcessingException, match="computation precision float16 .* choose auto"
    ):
        encode(raster, folder, DEVICE=False, COMPUTE_PRECISION="float16")
    assert not folder.exists()
    run = encode(raster, folder, DEVICE=False, COMPUTE_PRECISION="float32")
    assert any("computing in float32" in line for line in run.feedback.lines)
    again = encode(raster, folder, DEVICE=False, COMPUTE_PRECISION="float32")
    assert again.results["REUSED_COUNT"] == 2
    # A processor without bfloat16 says that instead.
    with pytest.raises(QgsProcessingException, match="compute precision: float32 -> bfloat16|AVX"):
        encode(raster, folder, DEVICE=False, COMPUTE_PRECISION="bfloat16")


def test_scales_are_encoded_into_the_folder(raster: Path, tmp_path: Path) -> None:
    folder = tmp_path / "features"
    run = encode(raster, folder, SCALES="1, 2", PATCHES="memory:")
    assert run.results["PATCH_COUNT"] == 3
    assert sorted(row["scale"] for row in run.rows("PATCHES")) == [1, 1, 2]
    assert (folder / "scale_2" / "manifest.parquet").is_file()
    for scales in ("2", "1,x"):
        with pytest.raises(QgsProcessingException, match="(?i)invalid scales .* such as 1,2,4"):
            encode(raster, tmp_path / "other", SCALES=scales)
    assert not (tmp_path / "other").exists()


def test_nodata_patches_are_skipped_unless_asked_for(tmp_path: Path) -> None:
    values = numpy.zeros((1, 64, 600), numpy.float32)
    values[:, :, :80] = numpy.arange(80)
    raster = write_raster(tmp_path / "half.tif", values, nodata=0)
    run = encode(raster, tmp_path / "features", PATCHES="memory:")
    # Two patches of 512 columns; the second begins at column 88.
    assert (run.results["PATCH_COUNT"], run.results["SKIPPED_COUNT"]) == (1, 1)
    assert [row["skipped"] for row in run.rows("PATCHES")] == [False, True]
    run = encode(raster, tmp_path / "all", INCLUDE_NODATA=True)
    assert (run.results["PATCH_COUNT"], run.results["SKIPPED_COUNT"]) == (2, 0)


def test_target_crs_and_resolution(raster: Path, tmp_path: Path) -> None:
    run = encode(raster, tmp_path / "features", CRS="EPSG:32633", RESOLUTION=4, PATCHES="memory:")
    assert run.layer("PATCHES").crs().authid() == "EPSG:32633"
    assert run.results["PATCH_COUNT"] == 1


def test_layers_crs_overrules_the_files(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "bare.tif", image()[:1, :64, :64], epsg=None)
    layer = QgsRasterLayer(str(raster), "bare")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    run = encode(layer, tmp_path / "features", PATCHES="memory:")
    assert run.layer("PATCHES").crs().authid() == "EPSG:3857"


def test_cancel_keeps_what_is_done_and_the_next_run_goes_on(raster: Path, tmp_path: Path) -> None:
    folder = tmp_path / "features"
    parameters = {"INPUT": str(raster), "OUTPUT": str(folder), "DEVICE": False}
    parameters.update(STRIDE=32, BATCH_SIZE=1)  # five patches
    run = Run("geosam:encoderaster", parameters, cancel_at=20)
    assert run.results == {"OUTPUT": str(folder)}
    assert any("Cancelled" in line for line in run.feedback.lines)
    results = Run("geosam:encoderaster", parameters).results
    assert results["PATCH_COUNT"] == 5 and 1 <= results["REUSED_COUNT"] < 5


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"BANDS": [1, 2, 3, 1]}, r"Invalid bands \(1, 2, 3, 1\): a model takes up to 3 bands"),
        ({"BANDS": [7]}, r"BANDS \(7\): valid values for the input raster are 1 to 3"),
        ({"BANDS": "red"}, r"Invalid BANDS \(red\)"),
        ({"EXTENT": f"{LEFT},{LEFT},{TOP},{TOP}"}, "extent is empty"),
        ({"EXTENT": f"0,10,0,10 [EPSG:{EPSG}]"}, "(?i)extent.*outside|overlap|no part"),
        ({"RANGE": "9,1"}, r"Invalid value range \(9.0, 1.0\): the minimum must be below"),
        ({"RANGE": "9"}, r"Invalid RANGE \(9\): give a minimum and a maximum"),
        ({"RANGE": "0,5,25500"}, r"Invalid RANGE \(0,5,25500\): give a minimum and a maximum"),
        ({"RANGE": "0;0.3"}, r"Invalid RANGE \(0;0.3\): give a minimum and a maximum"),
        ({"RANGE": "0,1e999"}, r"Invalid RANGE \(0,1e999\): give a minimum and a maximum"),
        ({"RESOLUTION": 0}, r"Invalid resolution \(0.0 m\): it must be above 0"),
        ({"CRS": "EPSG:1"}, r"Invalid CRS \(EPSG:1\): give EPSG:n"),
        ({"MODEL": "sam4"}, "(?i)MODEL"),
        ({"MODEL": "vit_b", "CHECKPOINT": "truncated"}, "(?i)checkpoint|truncated"),
        ({"CHECKPOINT": "missing"}, "missing"),
        ({"MODEL": "sam2.1_hiera_tiny", "CHECKPOINT": "nano"}, "(?i)sam2.1_hiera_tiny"),
        ({"STRIDE": 1024}, r"Invalid stride \(1024\)"),
        ({"STRIDE": 2000}, "STRIDE"),
    ],
)
def test_bad_parameters_are_clear_errors(
    raster: Path, tmp_path: Path, parameters: dict[str, Any], text: str
) -> None:
    if "CHECKPOINT" in parameters:
        files = {"missing": str(tmp_path / "missing.pt"), "truncated": str(tmp_path / "half.pth")}
        nano = Path(__file__).parents[2] / "models" / "geosam_nano.pt"
        (tmp_path / "half.pth").write_bytes(nano.read_bytes()[:100_000])
        parameters = {
            **parameters,
            "CHECKPOINT": {**files, "nano": str(nano)}[parameters["CHECKPOINT"]],
        }
    with pytest.raises(QgsProcessingException, match=text):
        encode(raster, tmp_path / "features", **parameters)
    assert not (tmp_path / "features" / "manifest.parquet").exists()


@pytest.mark.parametrize(
    ("value", "epsg", "nodata", "text"),
    [
        (None, None, None, "has no CRS"),
        (7, EPSG, None, "All values .* are 7"),
        (7, EPSG, 7, "(?i)no data|nodata"),
    ],
)
def test_bad_rasters_are_clear_errors(
    tmp_path: Path,
    value: Optional[int],
    epsg: Optional[int],
    nodata: Optional[float],
    text: str,
) -> None:
    values = image()[:, :64, :64] if value is None else numpy.full((1, 64, 64), value, numpy.uint8)
    raster = write_raster(tmp_path / "bad.tif", values, epsg, nodata)
    with pytest.raises(QgsProcessingException, match=text):
        encode(raster, tmp_path / "features")


def test_a_bar_in_the_name_of_a_raster(raster: Path, tmp_path: Path) -> None:
    path = tmp_path / "a|b.tif"
    shutil.copy(raster, path)
    assert encode(path, tmp_path / "features").results["PATCH_COUNT"] == 2
    with_option = QgsRasterLayer(f"{path}|option:NUM_THREADS=2", "a", "gdal")
    assert raster_of_layer(with_option, "INPUT", (), None).source == str(path)


def test_no_data_as_the_layer_has_it(tmp_path: Path) -> None:
    """Settings in the layer's properties: another value, and the file's own switched off."""
    values = image()
    values[:, :, :320] = 7
    plain = write_raster(tmp_path / "plain.tif", values)
    declared = write_raster(tmp_path / "declared.tif", values, nodata=7)
    shares: list[float] = []
    for path, user, use_own in (
        (plain, None, True),
        (plain, 7.0, True),
        (declared, None, True),
        (declared, None, False),
    ):
        layer = QgsRasterLayer(str(path), "r", "gdal")
        for band in (1, 2, 3):
            provider = layer.dataProvider()
            provider.setUseSourceNoDataValue(band, use_own)
            if user is not None:
                provider.setUserNoDataValue(band, [QgsRasterRange(user, user)])
        run = encode(layer, tmp_path / f"out_{len(shares)}", PATCHES="memory:")
        shares.append(sum(row["nodata_share"] for row in run.rows("PATCHES")))
    assert shares[0] == shares[3] == 0
    assert shares[1] == shares[2] > 0.5
    for scale, offset, shown in ((0.1, 0.0, 0.7), (0.0001, -0.1, -0.0993), (2.5, 100.0, 117.5)):
        dataset = gdal.Open(str(plain), gdal.GA_Update)
        for band in (1, 2, 3):
            dataset.GetRasterBand(band).SetScale(scale)
            dataset.GetRasterBand(band).SetOffset(offset)
        del dataset
        scaled = QgsRasterLayer(str(plain), "r", "gdal")
        for band in (1, 2, 3):
            scaled.dataProvider().setUserNoDataValue(band, [QgsRasterRange(shown, shown)])
        assert raster_of_layer(scaled, "INPUT", (), None).nodata == 7
    again = QgsRasterLayer(str(declared), "r", "gdal")
    for band in (1, 2, 3):
        again.dataProvider().setUserNoDataValue(band, [QgsRasterRange(7, 7)])
    assert raster_of_layer(again, "INPUT", (), None).nodata is None
    for refused in ([QgsRasterRange(0, 9)], [QgsRasterRange(8, 8)]):
        again.dataProvider().setUserNoDataValue(1, refused)
        with pytest.raises(QgsProcessingException, match=r"INPUT \(r\) has several values or a"):
            encode(again, tmp_path / "refused")


def test_not_a_raster(tmp_path: Path) -> None:
    path = tmp_path / "notes.tif"
    path.write_text("no raster")
    with pytest.raises(QgsProcessingException, match="INPUT"):
        encode(path, tmp_path / "features")


def test_other_providers_are_told_to_save_first(tmp_path: Path) -> None:
    layer = QgsRasterLayer("type=xyz&url=file:///none/{z}/{x}/{y}.png&zmax=1", "tiles", "wms")
    if not layer.isValid():
        pytest.skip("this QGIS has no tile layers")
    with pytest.raises(QgsProcessingException, match="provider wms.*save it as a GeoTIFF first"):
        encode(layer, tmp_path / "features")


def test_output_that_cannot_be_written(raster: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    with pytest.raises(QgsProcessingException, match="file"):
        encode(raster, file)
    assert os.listdir(tmp_path) == ["file"]


def test_model_of_a_checkpoint_given_alone_is_recognised() -> None:
    algorithm = EncodeRaster()
    algorithm.initAlgorithm({})
    context = QgsProcessingContext()
    alone = model_of(Inputs(algorithm, {"CHECKPOINT": "/models/mine.pt"}, context))
    assert (alone.model, alone.checkpoint) == ("", "/models/mine.pt")
    named = {"MODEL": "vit_b", "CHECKPOINT": "/models/mine.pt"}
    assert model_of(Inputs(algorithm, named, context)).model == "vit_b"
    assert model_of(Inputs(algorithm, {}, context)).model == "geosam_nano"
