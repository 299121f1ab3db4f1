"""Several processes or computers for one run."""

import os

from qgis.core import QgsProcessingFeedback, QgsProcessingParameterString

from ... import contract
from ...qgis_tools.inputs import Inputs
from ...translation import tr
from .common import advanced, with_help

CLUSTER = "CLUSTER"


def cluster_parameter(what: str) -> QgsProcessingParameterString:
    """``what``: the things that are spread over the processes."""
    parameter = QgsProcessingParameterString(CLUSTER, tr("Cluster"), optional=True)
    help_text = (
        f"Spreads {what} over processes: local or local:4 on this computer, or the address of a "
        "Dask scheduler, such as tcp://192.168.0.10:8786. If not set, it is taken "
        f"from {contract.CLUSTER_VARIABLE}; {contract.NO_CLUSTER} ignores that."
    )
    return advanced(with_help(parameter, help_text))


def cluster_of(inputs: Inputs) -> tuple[str, str]:
    """Return the cluster of ``CLUSTER`` or the environment, and the variable that it is from.

    Raises:
        ContractError: it is no cluster.
    """
    return contract.chosen_cluster(inputs.text(CLUSTER), os.environ)


def report_cluster(cluster: str, variable: str, feedback: QgsProcessingFeedback) -> None:
    """Log where a cluster is from."""
    if variable:
        feedback.pushInfo(
            tr("Cluster {}, from {} in the environment").format(
                cluster or contract.NO_CLUSTER, variable
            )
        )
