"""Rasters or feature folders of one place, and the date of each."""

import html
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsProcessingException, QgsRasterLayer
from qgis.PyQt.QtCore import QDate, QDateTime, Qt

from ... import contract
from ...contract.dates import date_text, dates_of_files, read_date
from ...qgis_tools.inputs import Inputs
from ...translation import tr
from .columns import is_null
from .inputs import layer_folder_name, raster_of_layer

INPUTS = "INPUTS"
FEATURES = "FEATURES"
DATES = "DATES"
DATE_PATTERN = "DATE_PATTERN"
DATE_TABLE = "DATE_TABLE"
DATE_TABLE_NAME = "DATE_TABLE_NAME"
DATE_TABLE_DATE = "DATE_TABLE_DATE"

AUTO, NAME, TABLE, METADATA, ORDER = "auto", "name", "table", "metadata", "order"
DATE_SOURCES = (AUTO, NAME, TABLE, METADATA, ORDER)

_MANIFEST = "manifest.parquet"
_TIFF_DATE = re.compile(r"(?:TIFFTAG_DATETIME|EXIF_DateTime)\s*=\s*([\d:\-T ]+)")
_MOST_FILES = 200  # JSON files of a folder that are searched for the name of a raster
_LARGEST_FILE = 1_000_000  # bytes


@dataclass(frozen=True)
class Dated:
    """A raster or a feature folder.

    Attributes:
        name: what the log calls it.
        path: of its file or folder; empty for a raster that is no file.
        raster: None for a feature folder.
        metadata: what its file says about itself, as text.
        moment: its date. If only the order is known, a day of the years 1, 2, ...
    """

    name: str
    path: str
    raster: Optional[contract.Raster] = None
    metadata: str = ""
    moment: datetime = datetime.min

    def names(self) -> set[str]:
        """What a table can call it, in lower case."""
        base = os.path.basename(self.path)
        stem = os.path.splitext(base)[0]
        return {each.lower() for each in (self.name, self.path, base, stem) if each}

    def request(self) -> contract.SeriesInput:
        """What the engine is asked."""
        features = "" if self.raster is not None else self.path
        return contract.SeriesInput(date_text(self.moment), self.raster, features)


@dataclass(frozen=True)
class DatedInputs:
    """The inputs of a series.

    Attributes:
        inputs: in the order given; the first one gives the pixels of all dates.
        source: where their dates come from, in words.
        ordered_only: whether only the order is known.
    """

    inputs: tuple[Dated, ...]
    source: str
    ordered_only: bool

    def moments(self) -> list[datetime]:
        """From the earliest to the latest."""
        return sorted(each.moment for each in self.inputs)

    def preview(self) -> list[str]:
        """What was understood, for the log."""
        lines = [tr("Dates ({}):").format(self.source)]
        for step, each in enumerate(sorted(self.inputs, key=lambda one: one.moment), 1):
            day = str(step) if self.ordered_only else date_text(each.moment)
            lines.append(f"  {day}  {each.name}")
        return lines


def read_inputs(inputs: Inputs, bands: Sequence[int]) -> DatedInputs:
    """Read ``INPUTS`` or ``FEATURES`` and their dates.

    Args:
        bands: of the rasters.

    Raises:
        QgsProcessingException: there are fewer than two, a raster or folder cannot be used, or a
            date is not known or there twice.
        ContractError: the pattern is invalid.
    """
    key = inputs.one_of(INPUTS, FEATURES)
    found = list(_rasters(inputs, bands) if key == INPUTS else _folders(inputs))
    if len(found) < 2:
        raise QgsProcessingException(
            tr(
                "{} ({}) has one date only. Give two or more, or use Segment from prompts "
                "(geosam:segmentprompts) for one."
            ).format(key, found[0].name if found else "")
        )
    dated = _with_dates(inputs, key, found)
    _require_different(dated.inputs)
    return dated


def _rasters(inputs: Inputs, bands: Sequence[int]) -> Iterator[Dated]:
    algorithm = inputs.algorithm
    layers = algorithm.parameterAsLayerList(inputs.parameters, INPUTS, inputs.context)
    for layer in layers:
        if not isinstance(layer, QgsRasterLayer):
            raise QgsProcessingException(
                tr("INPUTS ({}) is not a raster. Give raster layers only.").format(layer.name())
            )
        raster = raster_of_layer(layer, INPUTS, bands, None)
        path = raster.source if os.path.exists(raster.source) else ""
        name = os.path.basename(path) or layer_folder_name(layer)
        yield Dated(name, path, raster, html.unescape(layer.dataProvider().htmlMetadata()))


def _folders(inputs: Inputs) -> Iterator[Dated]:
    algorithm = inputs.algorithm
    given = algorithm.parameterAsFileList(inputs.parameters, FEATURES, inputs.context)
    for text in filter(None, given):
        path = Path(os.path.abspath(text))
        if path.name == _MANIFEST:
            path = path.parent
        folders = [path] if (path / _MANIFEST).is_file() else []
        folders = folders or sorted(each.parent for each in path.glob(f"*/{_MANIFEST}"))
        if not folders:
            raise QgsProcessingException(
                tr(
                    "FEATURES ({}) is no feature folder and has none. Give the folders that "
                    "Encode raster made, or the folder that they lie in."
                ).format(text)
            )
        for folder in folders:
            yield Dated(folder.name, str(folder))


def _with_dates(inputs: Inputs, key: str, found: list[Dated]) -> DatedInputs:
    source = inputs.choice(DATES)
    pattern = inputs.text(DATE_PATTERN).strip()
    if source == AUTO:
        source = TABLE if inputs.is_given(DATE_TABLE) else NAME if pattern else AUTO
    if source == TABLE:
        moments = _dates_of_table(inputs, found)
        return _dated(found, moments, tr("from DATE_TABLE"))
    if source == NAME:
        used, dates = _dates_of_names(found, pattern)
        return _dated(found, _all_known(key, found, dates, used), _by_name(used))
    if source == METADATA:
        return _dated(found, _all_in_metadata(key, found), tr("from the metadata"))
    if source == ORDER:
        return _in_order(found)
    return _automatic(key, found)


def _automatic(key: str, found: list[Dated]) -> DatedInputs:
    """By names, else by metadata, else in order; but not by a part of them."""
    used, dates = _dates_of_names(found, "")
    known = [each for each in dates if each is not None]
    if len(set(known)) == len(found):
        return _dated(found, known, _by_name(used))
    in_metadata = [_date_in_metadata(each) for each in found]
    moments = [each for each in in_metadata if each is not None]
    if len(moments) == len(found):
        return _dated(found, moments, tr("from the metadata"))
    if known:
        return _dated(found, _all_known(key, found, dates, used), _by_name(used))
    if moments:
        _all_in_metadata(key, found)
    return _in_order(found)


def _dated(found: Sequence[Dated], moments: Sequence[datetime], source: str) -> DatedInputs:
    dated = tuple(replace(each, moment=moment) for each, moment in zip(found, moments))
    return DatedInputs(dated, source, False)


def _in_order(found: Sequence[Dated]) -> DatedInputs:
    dated = tuple(
        replace(each, moment=datetime(number, 1, 1)) for number, each in enumerate(found, 1)
    )
    return DatedInputs(dated, tr("the order given; the time between them is not known"), True)


def _by_name(pattern: str) -> str:
    return tr("from the names, by {}").format(pattern)


def _dates_of_names(found: Sequence[Dated], pattern: str) -> tuple[str, list[Optional[datetime]]]:
    return dates_of_files([each.name for each in found], [each.path for each in found], pattern)


def _all_known(
    key: str, found: Sequence[Dated], dates: Sequence[Optional[datetime]], pattern: str
) -> list[datetime]:
    unknown = [each.name for each, moment in zip(found, dates) if moment is None]
    if unknown:
        text = tr(
            "The names of {} of {} in {} have no date by the pattern {}, the first is {}. Set "
            "DATE_PATTERN to a pattern such as %Y%m%d, or DATES to table, metadata or order."
        )
        shown = pattern or tr("of any common kind")
        raise QgsProcessingException(text.format(len(unknown), len(found), key, shown, unknown[0]))
    return [moment for moment in dates if moment is not None]


def _all_in_metadata(key: str, found: Sequence[Dated]) -> list[datetime]:
    moments = []
    for each in found:
        moment = _date_in_metadata(each)
        if moment is None:
            raise QgsProcessingException(
                tr(
                    "{} ({}) has no date in its metadata: neither TIFFTAG_DATETIME nor datetime in "
                    "a STAC file next to it. Set DATES to name, table or order."
                ).format(key, each.name)
            )
        moments.append(moment)
    return moments


def _date_in_metadata(dated: Dated) -> Optional[datetime]:
    found = _TIFF_DATE.search(dated.metadata)
    moment = read_date(found[1]) if found else None
    if moment is None and dated.path:
        moment = next((one for one in map(_date_in_stac, _stac_files(dated.path)) if one), None)
    return moment


def _stac_files(path: str) -> Iterator[Path]:
    """JSON files that can describe a file or folder, the likeliest first."""
    place = Path(path)
    likely = [place.with_suffix(".json"), place.with_name(f"{place.name}.json")]
    yield from (each for each in likely if each.is_file())
    others = sorted(set(place.parent.glob("*.json")) - set(likely))[:_MOST_FILES]
    for other in others:
        if place.name in _text_of(other):
            yield other


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _date_in_stac(path: Path) -> Optional[datetime]:
    """The date of a STAC item; of a period its start."""
    try:
        item = json.loads(_text_of(path))
    except ValueError:
        return None
    properties = item.get("properties") if isinstance(item, dict) else None
    if not isinstance(properties, dict):
        return None
    text = properties.get("datetime") or properties.get("start_datetime")
    return read_date(text) if isinstance(text, str) else None


def _dates_of_table(inputs: Inputs, found: Sequence[Dated]) -> list[datetime]:
    if not inputs.is_given(DATE_TABLE):
        raise QgsProcessingException(
            tr("DATES is table, but DATE_TABLE is not set. Give a table of names and dates.")
        )
    source = inputs.source(DATE_TABLE)
    names, dates = inputs.text(DATE_TABLE_NAME), inputs.text(DATE_TABLE_DATE)
    for key, name in ((DATE_TABLE_NAME, names), (DATE_TABLE_DATE, dates)):
        if not name or source.fields().lookupField(name) < 0:
            raise QgsProcessingException(
                tr("Invalid {} ({}). The fields of DATE_TABLE are {}.").format(
                    key, name, ", ".join(source.fields().names())
                )
            )
    rows = {str(feature[names]).strip().lower(): feature[dates] for feature in source.getFeatures()}
    moments = []
    for each in found:
        row = next((name for name in each.names() if name in rows), None)
        if row is None:
            raise QgsProcessingException(
                tr(
                    "DATE_TABLE has no row for {}. Its field {} has to have the name of each "
                    "raster or folder."
                ).format(each.name, names)
            )
        moment = moment_of(rows[row])
        if moment is None:
            raise QgsProcessingException(
                tr(
                    "The date of {} in DATE_TABLE ({}) cannot be read. Write year, month and day, "
                    "such as 2019-07-21."
                ).format(each.name, "NULL" if is_null(rows[row]) else rows[row])
            )
        moments.append(moment)
    return moments


def moment_of(value: Any) -> Optional[datetime]:
    """The date in a field; None for NULL and for what is none."""
    if is_null(value):
        return None
    if isinstance(value, QDateTime):
        value = value.toUTC() if value.timeSpec() != Qt.TimeSpec.LocalTime else value
        value = value.toString(Qt.DateFormat.ISODate).rstrip("Z")
    elif isinstance(value, QDate):
        value = value.toString(Qt.DateFormat.ISODate)
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    return read_date(str(value))


def _require_different(inputs: Sequence[Dated]) -> None:
    of_moment: dict[datetime, Dated] = {}
    for each in inputs:
        twin = of_moment.setdefault(each.moment, each)
        if twin is not each:
            raise QgsProcessingException(
                tr(
                    "{} and {} have the same date ({}). Remove one, merge them (gdal:merge), or "
                    "give dates with times by DATE_PATTERN or DATE_TABLE."
                ).format(twin.name, each.name, date_text(each.moment))
            )
