"""``geosam:enginereport``."""

import os
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFileDestination,
)

from .. import contract
from ..client.client import EngineCancelled
from ..contract import EngineReport, ReportRequest
from ..contract.errors import UserError
from ..contract.files import write_whole
from ..contract.redaction import redacted
from ..diagnostics import host
from ..diagnostics.page import Section, page
from ..qgis_tools.feedback import listener_of
from ..qgis_tools.inputs import Inputs
from ..translation import tr, worded
from .base import GeoSamAlgorithm
from .parameters.common import flag, with_help

GIGABYTE = 1e9


class ReportEngine(GeoSamAlgorithm):
    """What the engine is and runs on, and what is wrong with it."""

    NAME = "enginereport"
    TITLE = "Engine report"
    GROUP = "Setup and maintenance"
    HELP = (
        "Shows package versions, the device for models, checkpoints, encoding speed and "
        "settings. It also runs without an engine, or with a broken one, and then reports the "
        "problem.\n\n"
        "Attach the page to bug reports. It contains no user name, home folder, passwords or "
        "tokens."
    )
    TAGS = (
        "sam",
        "sam2",
        "sam3",
        "versions",
        "gpu",
        "cuda",
        "benchmark",
        "bug report",
        "diagnosis",
    )
    NEEDS_ENGINE = False

    BENCHMARK = "BENCHMARK"
    OUTPUT = "OUTPUT"
    PROBLEM = "PROBLEM"
    ENGINE_PYTHON = "ENGINE_PYTHON"
    QGIS_VERSION = "QGIS_VERSION"
    PYTHON_VERSION = "PYTHON_VERSION"
    TORCH_VERSION = "TORCH_VERSION"
    GDAL_VERSION = "GDAL_VERSION"
    DEVICE = "DEVICE"
    GPU_PROBLEM = "GPU_PROBLEM"
    SECONDS_PER_PATCH = "SECONDS_PER_PATCH"
    MODEL_COUNT = "MODEL_COUNT"
    FREE_GIGABYTES = "FREE_GIGABYTES"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        self.addParameter(
            flag(
                self.BENCHMARK,
                "Measure encoding speed",
                "Encodes patches of the bundled model for up to ten seconds. If unchecked, the "
                "report takes less time.",
                True,
            )
        )
        self.addParameter(
            with_help(
                QgsProcessingParameterFileDestination(
                    self.OUTPUT, tr("Report"), tr("HTML files (*.html)"), optional=True
                ),
                "The report as a page, to read in a browser and to attach to a bug report.",
            )
        )
        for key, label in (
            (self.PROBLEM, "What is wrong; empty if all is well"),
            (self.ENGINE_PYTHON, "Python of the engine"),
            (self.QGIS_VERSION, "Version of QGIS"),
            (self.PYTHON_VERSION, "Version of the engine's Python"),
            (self.TORCH_VERSION, "Version of PyTorch"),
            (self.GDAL_VERSION, "Version of the engine's GDAL"),
            (self.DEVICE, "Device that models run on"),
            (self.GPU_PROBLEM, "Why no GPU is used; empty if one is"),
        ):
            self.addOutput(QgsProcessingOutputString(key, tr(label)))
        for key, label in (
            (self.SECONDS_PER_PATCH, "Seconds to encode a patch of the bundled model"),
            (self.MODEL_COUNT, "Number of models with a complete checkpoint"),
            (self.FREE_GIGABYTES, "Free disk space for models (gigabytes)"),
        ):
            self.addOutput(QgsProcessingOutputNumber(key, tr(label)))

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        places, problems = host.places()
        python, problem = host.engine_python()
        report = None
        if not problem:
            try:
                report = self._ask_engine(inputs, feedback)
            except EngineCancelled:
                raise
            except UserError as error:
                problem = worded(error.text)
        problems = [*filter(None, [problem]), *problems, *_problems_in(report)]
        sections = [
            Section(tr("Device"), _device_rows(report)),
            Section(tr("Models"), _model_rows(report)),
            Section(tr("Engine"), [(tr("Python"), python), *_engine_rows(report)]),
            Section(tr("QGIS"), host.versions()),
            Section(tr("Settings in effect"), host.settings_in_effect()),
            Section(tr("Free disk space"), [(place, _gigabytes(free)) for place, free in places]),
            Section(tr("Environment variables"), host.variables()),
        ]
        for problem in problems:
            feedback.pushWarning(redacted(problem))
        for section in sections[:4]:
            for name, value in section.rows:
                feedback.pushInfo(redacted(f"{section.title}: {name}: {value}"))
        results.update(self._values(report, python, problems))
        results[self.FREE_GIGABYTES] = round(places[0][1] / GIGABYTE, 1)
        path = inputs.output_file(self.OUTPUT)
        path = os.path.abspath(path) if path else ""
        if path:
            _write(path, page(tr("GeoSAM engine report"), problems, sections))
            results[self.OUTPUT] = path

    def _ask_engine(self, inputs: Inputs, feedback: QgsProcessingFeedback) -> EngineReport:
        device, _ = host.device()
        request = ReportRequest(
            model_folder=host.model_folder(),
            device=contract.Device(device),
            benchmark=inputs.flag(self.BENCHMARK),
        )
        return self.engine().call(
            contract.REPORT, request, listener_of(feedback), feedback.isCanceled
        )

    def _values(
        self, report: Optional[EngineReport], python: str, problems: list[str]
    ) -> dict[str, Any]:
        """The outputs; those that only the engine knows are empty without one."""
        versions = dict(report.versions) if report else {}
        return {
            self.PROBLEM: "\n".join(problems),
            self.ENGINE_PYTHON: python,
            self.QGIS_VERSION: dict(host.versions())["QGIS"],
            self.PYTHON_VERSION: report.python if report else "",
            self.TORCH_VERSION: versions.get("torch", ""),
            self.GDAL_VERSION: versions.get("GDAL", ""),
            self.DEVICE: report.device if report else "",
            self.GPU_PROBLEM: worded(report.gpu_problem) if report else "",
            self.SECONDS_PER_PATCH: report.seconds_per_patch if report else None,
            self.MODEL_COUNT: sum(not each.problem for each in report.models) if report else 0,
        }


def _problems_in(report: Optional[EngineReport]) -> list[str]:
    """What is wrong with an engine that answers."""
    if report is None:
        return []
    problems = [f"{name}: {text}" for name, text in report.versions if text.startswith("missing")]
    problems += [worded(each.problem) for each in report.models if each.problem]
    if not report.device:
        problems.append(worded(report.gpu_problem))
    return [*problems, *filter(None, [worded(report.benchmark_problem)])]


def _device_rows(report: Optional[EngineReport]) -> list[tuple[str, str]]:
    if report is None:
        return []
    rows = [
        (tr("Models run on"), f"{report.device} {report.device_title}".strip() or tr("none")),
        (tr("Why no GPU is used"), worded(report.gpu_problem)),
        (tr("Memory of the GPU"), _gigabytes(report.device_memory)),
        (tr("Processor"), tr("{}, {} cores").format(report.processor, report.processor_count)),
        (
            tr("Memory"),
            tr("{}, free {}").format(
                _gigabytes(report.memory), _gigabytes(report.free_memory) or tr("unknown")
            ),
        ),
        (tr("System"), report.system),
    ]
    if report.seconds_per_patch is not None:
        measured = tr("{} ({} patches)").format(
            f"{report.seconds_per_patch:.3g}", report.patch_count
        )
        rows.append((tr("Seconds per patch of geosam_nano"), measured))
    return [(name, value) for name, value in rows if value]


def _model_rows(report: Optional[EngineReport]) -> list[tuple[str, str]]:
    models = report.models if report else ()
    return [
        (
            each.model,
            worded(each.problem) or tr("good, {:.0f} MB, {}").format(each.size / 1e6, each.path),
        )
        for each in models
    ]


def _engine_rows(report: Optional[EngineReport]) -> list[tuple[str, str]]:
    if report is None:
        return []
    return [("GeoSAM", contract.VERSION), (tr("Version of Python"), report.python)] + list(
        report.versions
    )


def _gigabytes(size: Optional[float]) -> str:
    return "" if size is None else f"{size / GIGABYTE:.1f} GB"


def _write(path: str, text: str) -> None:
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_whole(Path(path), text)
    except OSError as error:
        raise QgsProcessingException(
            tr("Cannot write the report {} ({}): give another OUTPUT").format(path, error.strerror)
        ) from error
