"""The settings that a user's environment has, and the values that they may have.

Both sides import this module, so it needs the standard library only and runs on Python 3.9.
"""

from typing import Optional

from .checks import ContractError, require
from .raster import DEVICES

CACHE_SIZE = "GEOSAM_CACHE_MB"
DEVICE = "GEOSAM_DEVICE"

DEFAULT_CACHE_SIZE = 2048  # megabytes


def cache_megabytes(value: Optional[object]) -> int:
    """Return the largest size of the live cache in megabytes; None is the default.

    Raises:
        ContractError: the value is no whole number, or negative.
    """
    text = str(DEFAULT_CACHE_SIZE) if value is None else str(value)
    if not text.isdecimal():
        raise ContractError(
            "Invalid {} ({}): give the size of the live cache as a whole number "
            "of megabytes, 0 for no cache",
            CACHE_SIZE,
            text,
        )
    return int(text)


def device_name(value: Optional[object]) -> str:
    """Return the device that models run on, one of ``DEVICES``; None is the first.

    Raises:
        ContractError: the value is none of them.
    """
    name = str(value or DEVICES[0])
    require(name in DEVICES, "Invalid {} ({}): choose one of {}", DEVICE, name, ", ".join(DEVICES))
    return name
