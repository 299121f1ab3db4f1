"""The methods of the engine, each a row: its name, what it is asked and what it answers."""

from dataclasses import dataclass
from typing import Generic, Optional, TypeVar

from .assessment import AssessRequest, AssessResult
from .concepts import ConceptObjectsEvent, ConceptsRequest, ConceptsResult
from .discovery import DiscoverRequest, DiscoverResult, FoundEvent
from .encoding import DescribeFeaturesRequest, EncodeRequest, EncodeResult, FeaturesDescription
from .live import CacheContents, CacheRequest, SegmentLiveRequest, SegmentLiveResult
from .merging import MergeObjectsRequest, MergeObjectsResult
from .outlines import CleanOutlinesRequest, CleanOutlinesResult
from .preview import PatchesEvent, PreviewRequest, PreviewResult
from .prompting import MakePromptsRequest, MakePromptsResult
from .report import EngineReport, ReportRequest
from .segmentation import ObjectsEvent, SegmentRequest, SegmentResult
from .series import SeriesEvent, SeriesRequest, SeriesResult
from .shards import MergeFeaturesRequest, MergeFeaturesResult
from .similarity import RankRequest, RankResult

VERSION = "0.1.0"

# Methods of the connection itself.
INITIALIZE = "initialize"
SHUTDOWN = "shutdown"
CANCEL = "$/cancelRequest"

Request = TypeVar("Request")
Result = TypeVar("Result")


@dataclass(frozen=True)
class EngineInfo:
    """The engine's answer to ``initialize``."""

    version: str
    python: str
    torch: str


@dataclass(frozen=True)
class Method(Generic[Request, Result]):
    """A verb of the engine.

    ``event`` is the kind of the partial results that it sends while it runs, None if it
    sends none.
    """

    name: str
    request: type[Request]
    result: type[Result]
    event: Optional[type] = None


ENCODE = Method("encode", EncodeRequest, EncodeResult)
PREVIEW = Method("preview", PreviewRequest, PreviewResult, PatchesEvent)
DESCRIBE_FEATURES = Method("describeFeatures", DescribeFeaturesRequest, FeaturesDescription)
SEGMENT = Method("segment", SegmentRequest, SegmentResult, ObjectsEvent)
SEGMENT_LIVE = Method("segmentLive", SegmentLiveRequest, SegmentLiveResult, ObjectsEvent)
DISCOVER = Method("discover", DiscoverRequest, DiscoverResult, FoundEvent)
SEGMENT_CONCEPTS = Method("segmentConcepts", ConceptsRequest, ConceptsResult, ConceptObjectsEvent)
SEGMENT_SERIES = Method("segmentSeries", SeriesRequest, SeriesResult, SeriesEvent)
ASSESS = Method("assess", AssessRequest, AssessResult)
CLEAN_OUTLINES = Method("cleanOutlines", CleanOutlinesRequest, CleanOutlinesResult)
RANK = Method("rank", RankRequest, RankResult)
MAKE_PROMPTS = Method("makePrompts", MakePromptsRequest, MakePromptsResult)
MERGE_FEATURES = Method("mergeFeatures", MergeFeaturesRequest, MergeFeaturesResult)
MERGE_OBJECTS = Method("mergeObjects", MergeObjectsRequest, MergeObjectsResult)
DESCRIBE_CACHE = Method("describeCache", CacheRequest, CacheContents)
CLEAR_CACHE = Method("clearCache", CacheRequest, CacheContents)
REPORT = Method("report", ReportRequest, EngineReport)
