"""Notifications and errors that the engine sends while a request runs."""

from dataclasses import dataclass

# Notifications that the engine sends while a request runs; `id` in their
# parameters is the id of that request.
PROGRESS = "progress"
LOG = "log"
RESULTS = "results"

# Error codes: a problem that the user can solve, a bug, a cancelled request, no request at all.
USER_ERROR = -32000
INTERNAL_ERROR = -32603
REQUEST_CANCELLED = -32800
INVALID_REQUEST = -32600
LOG_LEVELS = ("info", "warning")


@dataclass(frozen=True)
class ProgressEvent:
    """``done`` of ``total`` steps; ``text`` says what they are, their rate and time left."""

    done: int
    total: int
    text: str = ""


@dataclass(frozen=True)
class LogEvent:
    """A line for the log of the algorithm."""

    text: str
    level: str = "info"


@dataclass(frozen=True)
class ErrorData:
    """The ``data`` of an error.

    ``kind`` is the class that was raised, ``traceback`` is of a bug, ``text`` is for users.
    """

    kind: str
    traceback: str = ""
    text: str = ""
