"""The columns of objects in layers and tables, the same in QGIS and in a notebook.

Both sides import this module, so it needs the standard library only and runs on Python 3.9.
"""

# Name and type of a column, and the attribute of the message that it takes.
Fields = tuple[tuple[str, type, str], ...]

# Of a ``SegmentedObject``.
SEGMENTED_FIELDS: Fields = (
    ("score", float, "score"),
    ("stability", float, "stability"),
    ("area_m2", float, "area"),
    ("foreground_points", int, "foreground_points"),
    ("background_points", int, "background_points"),
    ("chip_id", str, "chip_id"),
    ("model", str, "model"),
    ("touches_edge", bool, "touches_edge"),
    ("resolution_m", float, "resolution"),
    ("contrast", float, "contrast"),
)
# Of a ``FoundObject``.
FOUND_FIELDS: Fields = (
    ("object_id", int, "key"),
    ("score", float, "score"),
    ("stability", float, "stability"),
    ("area_m2", float, "area"),
    ("patches", int, "patches"),
    ("scale", int, "scale"),
    ("chip_id", str, "chip_id"),
    ("parent_id", int, "parent"),
    ("level", int, "level"),
    ("model", str, "model"),
    ("touches_edge", bool, "touches_edge"),
    ("contrast", float, "contrast"),
)
# Of a ``ConceptObject``.
CONCEPT_FIELDS: Fields = (
    ("object_id", int, "key"),
    ("class", str, "concept"),
    ("score", float, "score"),
    ("presence", float, "presence"),
    ("area_m2", float, "area"),
    ("patches", int, "patches"),
    ("examples", int, "examples"),
    ("chip_id", str, "chip_id"),
    ("model", str, "model"),
    ("touches_edge", bool, "touches_edge"),
    ("contrast", float, "contrast"),
)
# Of a ``ConceptCount``.
CONCEPT_COUNT_FIELDS: Fields = (
    ("class", str, "concept"),
    ("phrase", str, "phrase"),
    ("objects", int, "object_count"),
    ("area_m2", float, "area"),
    ("best_score", float, "best_score"),
    ("best_presence", float, "best_presence"),
    ("patches_searched", int, "searched"),
    ("patches_with_examples", int, "with_examples"),
    ("patches_with_objects", int, "found"),
    ("patches_saturated", int, "saturated"),
)
# Of a ``PatchPreview``.
PATCH_FIELDS: Fields = (
    ("chip_id", str, "chip_id"),
    ("row", int, "row"),
    ("column", int, "column"),
    ("x", int, "x"),
    ("y", int, "y"),
    ("width", int, "width"),
    ("height", int, "height"),
    ("nodata_share", float, "nodata_share"),
    ("skipped", bool, "skipped"),
    ("cached", bool, "cached"),
    ("scale", int, "scale"),
)
# What Clean outlines adds.
OUTLINE_FIELDS: Fields = (
    ("moved_m", float, "moved"),
    ("area_change", float, "area_change"),
    ("iou_before", float, "iou"),
    ("method", str, "method"),
    ("changed", bool, "changed"),
)
# Of a ``SeriesRow``.
SERIES_FIELDS: Fields = (
    ("object", int, "key"),
    ("date", str, "date"),
    ("state", str, "state"),
    ("reason", str, "reason"),
    ("prompted", bool, "prompted"),
    ("score", float, "score"),
    ("object_score", float, "object_score"),
    ("contrast", float, "contrast"),
    ("likeness", float, "likeness"),
    ("overlap", float, "overlap"),
    ("area_m2", float, "area"),
    ("chip_id", str, "chip_id"),
    ("touches_edge", bool, "touches_edge"),
    ("resolution_m", float, "resolution"),
)
