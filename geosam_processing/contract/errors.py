"""What can go wrong that a user can solve, in the engine or on the way to it."""

from .texts import Text


class UserError(Exception):
    """A problem that the user can solve; ``text`` says how."""

    def __init__(self, template: str, *values: object) -> None:
        """``template`` and ``values``: see ``Text``."""
        self.text = Text(template, *values)
        super().__init__(self.text)


class EngineError(UserError):
    """An error of the engine, or of starting it.

    ``kind`` is the class of the error inside the engine, such as ``RasterError``, or
    empty if it arose on this side.
    """

    def __init__(self, template: str, *values: object, kind: str = "") -> None:
        super().__init__(template, *values)
        self.kind = kind


class EngineNotFound(EngineError):
    """No environment with an engine was found."""


class EngineCancelled(EngineError):
    """The run was cancelled; the results up to then are kept."""


class EngineBug(EngineError):
    """The engine failed in a way that nobody foresaw; the text holds its traceback."""


class SetupError(EngineError):
    """The engine's environment could not be made or removed; the text says why and what to do."""
