import pytest
from hypothesis import given
from hypothesis import strategies as st

from geosam_processing.engine.raster.target_grid import utm_epsg, utm_zone


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "epsg"),
    [
        ("Berlin", 13.4, 52.5, 32633),
        ("Cape Town", 18.4, -33.9, 32734),
        ("equator", 3.0, 0.0, 32631),
        ("Bergen, Norway", 5.3, 60.4, 32632),
        ("west of Norway's zone", 2.9, 60.4, 32631),
        ("south of Norway's zone", 5.3, 55.9, 32631),
        ("north of Norway's zone", 5.3, 64.0, 32631),
        ("Svalbard 31", 8.9, 75.0, 32631),
        ("Svalbard 33", 9.0, 75.0, 32633),
        ("Longyearbyen", 15.6, 78.2, 32633),
        ("Svalbard 33 still", 20.9, 75.0, 32633),
        ("Svalbard 35", 21.0, 75.0, 32635),
        ("Svalbard 37", 33.0, 75.0, 32637),
        ("east of Svalbard", 42.0, 75.0, 32638),
        ("Greenland at Svalbard's latitude", -30.1, 75.0, 32625),
        ("180th meridian", 180.0, 10.0, 32601),
        ("just west of it", 179.999, 10.0, 32660),
        ("a longitude from 0 to 360", 270.0, 10.0, 32616),
    ],
)
def test_zones_of_known_places(place, longitude, latitude, epsg):
    assert utm_epsg(longitude, latitude) == epsg


@given(st.floats(-720, 720), st.floats(-80, 84))
def test_a_zone_is_near_its_central_meridian(longitude, latitude):
    zone = utm_zone(longitude, latitude)
    assert 1 <= zone <= 60
    central = -183 + 6 * zone
    distance = abs((longitude - central + 180) % 360 - 180)
    assert distance <= (9 if latitude >= 56 else 3) + 1e-6


@pytest.mark.parametrize("latitude", [-80.1, 84.1, float("nan")])
def test_places_without_utm(latitude):
    with pytest.raises(ValueError, match="UTM covers -80 to 84"):
        utm_zone(10.0, latitude)
