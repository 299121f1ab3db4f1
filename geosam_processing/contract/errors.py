"""What can go wrong between QGIS and the engine process."""


class EngineError(Exception):
    """A problem that the user can solve; the text says how.

    ``kind`` is the class of the error inside the engine, such as ``RasterError``, or
    empty if it arose on this side.
    """

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


class EngineNotFound(EngineError):
    """No environment with an engine was found."""


class EngineCancelled(EngineError):
    """The run was cancelled; what was done by then is kept."""


class EngineBug(EngineError):
    """The engine failed in a way that nobody foresaw; the text holds its traceback."""


class SetupError(EngineError):
    """The engine's environment could not be made or removed; the text says why and what to do."""
