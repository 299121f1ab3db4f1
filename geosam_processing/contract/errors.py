"""What can go wrong that a user can solve, in the engine or on the way to it."""

from .redaction import presentable


class UserError(Exception):
    """A problem that the user can solve; the text says how.

    Attributes:
        template: the text in English, with ``{}`` for each value. QGIS's side translates it.
        values: what stands there. Secrets in addresses are hidden.
    """

    def __init__(self, template: str, *values: object) -> None:
        """Without ``values``, ``template`` is the text as it stands."""
        self.template = template if values else presentable(template)
        self.values = tuple(presentable(str(value)) for value in values)
        super().__init__(template.format(*self.values) if values else self.template)


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
    """The run was cancelled; what was done by then is kept."""


class EngineBug(EngineError):
    """The engine failed in a way that nobody foresaw; the text holds its traceback."""


class SetupError(EngineError):
    """The engine's environment could not be made or removed; the text says why and what to do."""
