"""Checks of the values of messages."""

from .errors import UserError

Bounds = tuple[float, float, float, float]


class ContractError(UserError, ValueError):
    """A value that cannot be sent."""


def require(condition: bool, template: str, *values: object) -> None:
    """Raises ContractError with ``template`` and its values unless ``condition`` holds."""
    if not condition:
        raise ContractError(template, *values)


def require_choice(name: str, value: str, allowed: tuple[str, ...]) -> None:
    """Raises ContractError unless ``value`` is one of ``allowed``."""
    require(value in allowed, "Invalid {} ({}): choose one of {}", name, value, ", ".join(allowed))


def require_bounds(name: str, bounds: Bounds) -> None:
    """Raises ContractError if ``bounds`` (xmin, ymin, xmax, ymax) are empty."""
    x_minimum, y_minimum, x_maximum, y_maximum = bounds
    require(
        x_minimum < x_maximum and y_minimum < y_maximum,
        "The {} is empty (xmin {}, ymin {}, xmax {}, "
        "ymax {}): give one whose minima are below its maxima",
        name,
        x_minimum,
        y_minimum,
        x_maximum,
        y_maximum,
    )
