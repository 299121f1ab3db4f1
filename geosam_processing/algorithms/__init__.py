"""The algorithms of the provider, one class each."""

from .assess_accuracy import AssessAccuracy
from .base import GeoSamAlgorithm
from .clean_outlines import CleanOutlines
from .clear_cache import ClearCache
from .download_model import DownloadModel
from .encode_raster import EncodeRaster
from .encode_tile_layer import EncodeTileLayer
from .engine_report import ReportEngine
from .install_engine import InstallEngine
from .list_models import ListModels
from .merge_features import MergeFeatures
from .merge_objects import MergeObjects
from .preview_patches import PreviewPatches
from .prompts_from_raster import PromptsFromRaster
from .rank_by_similarity import RankBySimilarity
from .remove_engine import RemoveEngine
from .report_cache import ReportCache
from .segment_concepts import SegmentConcepts
from .segment_everything import SegmentEverything
from .segment_live import SegmentLive
from .segment_prompts import SegmentPrompts
from .segment_series import SegmentSeries

ALGORITHMS: tuple[type[GeoSamAlgorithm], ...] = (
    PreviewPatches,
    EncodeRaster,
    EncodeTileLayer,
    MergeFeatures,
    PromptsFromRaster,
    SegmentPrompts,
    SegmentEverything,
    SegmentConcepts,
    SegmentLive,
    SegmentSeries,
    RankBySimilarity,
    MergeObjects,
    CleanOutlines,
    AssessAccuracy,
    DownloadModel,
    ListModels,
    ReportCache,
    ClearCache,
    InstallEngine,
    RemoveEngine,
    ReportEngine,
)
