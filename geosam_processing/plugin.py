"""What QGIS loads: it registers the provider, and takes it away again."""

from typing import Optional

from qgis.core import QgsApplication

from .client.client import engine_client
from .provider import GeoSamProvider
from .settings import engine_python
from .translation import install_translator, remove_translator


class GeoSamPlugin:
    """The plugin is its Processing provider; it adds no other interface."""

    def __init__(self) -> None:
        self.provider: Optional[GeoSamProvider] = None
        self._translator = install_translator()

    def initProcessing(self) -> None:
        """Register the provider. qgis_process calls this alone, QGIS's window ``initGui``."""
        if self.provider is None:
            self.provider = GeoSamProvider()
            QgsApplication.processingRegistry().addProvider(self.provider)
            if _is_run_of(self.provider.id()):
                # The engine gets ready beside QGIS.
                engine_client(engine_python()).begin()

    def initGui(self) -> None:
        self.initProcessing()

    def unload(self) -> None:
        """Take the provider away and end the engine."""
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
        if self._translator is not None:
            remove_translator(self._translator)
            self._translator = None
        engine_client().close()


def _is_run_of(provider: str) -> bool:
    """Whether this is ``qgis_process run`` of an algorithm of the provider."""
    arguments = QgsApplication.arguments()
    return (
        QgsApplication.platform() == "qgis_process"
        and "run" in arguments
        and any(each.startswith(f"{provider}:") for each in arguments)
    )
