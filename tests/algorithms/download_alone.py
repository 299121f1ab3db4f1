"""A download in a process of its own, which a test can kill.

    python3 -m tests.algorithms.download_alone MIRROR FOLDER SHA256 SIZE

Fetches vit_b, taken to be of that SHA-256 and size.
"""

import dataclasses
import os
import sys
import tempfile


def main(mirror: str, folder: str, sha256: str, size: str) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path.append("/usr/share/qgis/python/plugins")
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback

    with tempfile.TemporaryDirectory() as profile:
        os.environ["QGIS_CUSTOM_CONFIG_PATH"] = profile
        application = QgsApplication([], False, profile)
        application.initQgis()
        from geosam_processing.algorithms.download_model import DownloadModel
        from geosam_processing.contract.catalogue import CATALOGUE

        entry = dataclasses.replace(CATALOGUE["vit_b"], sha256=sha256, size=int(size))
        CATALOGUE["vit_b"] = entry
        algorithm = DownloadModel()
        algorithm.initAlgorithm()
        parameters = {"MODEL": "vit_b", "FOLDER": folder, "MIRROR": mirror}
        results, good = algorithm.run(
            parameters, QgsProcessingContext(), QgsProcessingFeedback(False)
        )
        assert good and results["SHA256"] == sha256
        # QGIS can crash on its way out, which is nothing of ours.
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
