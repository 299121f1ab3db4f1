"""Messages of the engine as tables, with the columns that the algorithms' layers have."""

from __future__ import annotations

import typing
from collections.abc import Sequence
from typing import Any

import geopandas
import pandas as pd
import shapely

from geosam_processing.contract.fields import Fields

_TYPES = {float: "float64", int: "int64", str: "str", bool: "bool"}


def columns_of(messages: Sequence[Any], kind: type, fields: Fields) -> pd.DataFrame:
    """A row for each message of the dataclass ``kind``, a column for each field."""
    hints = typing.get_type_hints(kind)
    return pd.DataFrame(
        {
            name: pd.Series(
                [getattr(message, attribute) for message in messages],
                dtype=_dtype(of, optional=type(None) in typing.get_args(hints[attribute])),
            )
            for name, of, attribute in fields
        }
    )


def objects_of(
    messages: Sequence[Any], kind: type, fields: Fields, crs: Any
) -> geopandas.GeoDataFrame:
    """As ``columns_of``, with the geometries of the messages."""
    shapes = geopandas.GeoSeries(shapely.from_wkb([each.wkb for each in messages]), crs=crs)
    return geopandas.GeoDataFrame(columns_of(messages, kind, fields), geometry=shapes)


def joined(left: pd.DataFrame, right: pd.DataFrame) -> Any:
    """The columns of both, row by row; geometries last.

    Names of ``right`` make way: score, score_2, ...
    """
    geometry = left.geometry if isinstance(left, geopandas.GeoDataFrame) else None
    if geometry is not None:
        left = pd.DataFrame(left.drop(columns=geometry.name))
    taken = set(left.columns)
    names = {}
    for name in right.columns:
        free, number = name, 1
        while free in taken:
            number += 1
            free = f"{name}_{number}"
        taken.add(free)
        names[name] = free
    table = pd.concat([left, right.rename(columns=names).set_axis(left.index)], axis=1)
    return table if geometry is None else geopandas.GeoDataFrame(table, geometry=geometry)


def _dtype(kind: type, optional: bool) -> str:
    # Whole numbers of numpy have no value for none.
    return "Int64" if optional and kind is int else _TYPES[kind]
