"""Objects through dates: the same ground on rasters or feature folders of several dates."""
