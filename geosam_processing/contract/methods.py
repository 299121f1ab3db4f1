"""The methods, notifications and error codes between QGIS and the engine."""

from dataclasses import dataclass

VERSION = "0.1.0"

# Methods that QGIS calls.
INITIALIZE = "initialize"
ENCODE = "encode"
DESCRIBE_FEATURES = "describeFeatures"
SEGMENT = "segment"
SHUTDOWN = "shutdown"
CANCEL = "$/cancelRequest"


@dataclass(frozen=True)
class EngineInfo:
    """The engine's answer to ``initialize``."""

    version: str
    python: str
    torch: str
