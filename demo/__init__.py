"""`make demo`: from a raster to polygons by qgis_process, on a sample scene or one's own raster."""
