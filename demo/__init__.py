"""`make demo`: from a raster and two prompt layers to polygons, by qgis_process."""
