"""Feature folders as the algorithms that read them need them."""

from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingFeedback, QgsRectangle

from ... import contract
from ...client.client import EngineClient
from ...qgis_tools.crs import crs_from_text


def place_of_features(
    engine: EngineClient, folder: str, feedback: QgsProcessingFeedback
) -> tuple[QgsCoordinateReferenceSystem, QgsRectangle]:
    """Return the CRS of a feature folder and its extent in that.

    Raises:
        ContractError: ``folder`` is empty.
        EngineError, EngineCancelled: see ``EngineClient``.
        QgsProcessingException: QGIS does not know the CRS.
    """
    description = engine.call(
        contract.DESCRIBE_FEATURES,
        contract.DescribeFeaturesRequest(folder),
        cancelled=feedback.isCanceled,
    )
    return crs_from_text(description.crs), QgsRectangle(*description.bounds)
