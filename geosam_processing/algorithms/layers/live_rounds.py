"""The rounds of a live run: the engine answers what it can, and QGIS fetches what it lacks."""

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Callable

from qgis.core import QgsProcessingFeedback

from ... import contract
from ...client.client import EngineClient, Listener
from ...contract import FetchedPatch, LivePatch, LivePrompt, SegmentLiveRequest
from ...qgis_tools.feedback import progress_to
from ...tiles.pieces import TileError
from ...translation import tr, worded
from .live_layer import LiveLayer
from .results import Answers

# Patches a round: their files lie on the disk at the same time.
_PATCHES = 16


class LiveRounds:
    """One run of ``segmentlive``.

    Attributes:
        encoded: names of the patches that were encoded.
        cached: names of those that came from the cache.
    """

    def __init__(
        self,
        engine: EngineClient,
        layer: LiveLayer,
        request: SegmentLiveRequest,
        answers: Answers,
        feedback: QgsProcessingFeedback,
    ) -> None:
        """``request`` has all but the prompts and the fetched patches."""
        self.encoded: set[str] = set()
        self.cached: set[str] = set()
        self._engine = engine
        self._layer = layer
        self._request = request
        self._answers = answers
        self._feedback = feedback
        self._done = 0

    def run(
        self,
        prompts: Sequence[contract.Prompt],
        folder: str,
        log: Callable[[contract.LogEvent], None],
    ) -> None:
        """Answer all prompts; ``folder`` is for files of patches, which do not stay.

        Raises:
            EngineError, EngineCancelled: see ``EngineClient``.
            TileError: too many tiles would be needed, or the server is down.
        """
        show = progress_to(self._feedback)
        total = self._done + len(prompts)

        def progress(event: contract.ProgressEvent) -> None:
            done = before + event.done
            text = tr("{}; {} of {} prompts answered").format(worded(event.text), done, total)
            show(contract.ProgressEvent(done, total, text if event.text else ""))

        asked = [LivePrompt(prompt) for prompt in prompts]
        waiting: list[LivePrompt] = []
        fetched: list[FetchedPatch] = []
        while asked:
            before = self._done
            result = self._engine.call(
                contract.SEGMENT_LIVE,
                replace(self._request, prompts=tuple(asked), fetched=tuple(fetched)),
                Listener(progress, log, self._receive),
                self._feedback.isCanceled,
            )
            self.encoded.update(result.encoded)
            self.cached = (self.cached | set(result.cached)) - self.encoded
            waiting += result.waiting
            for each in fetched:
                os.unlink(each.path)
            asked, waiting, fetched = self._fetch(waiting, folder)

    def _fetch(
        self, waiting: list[LivePrompt], folder: str
    ) -> tuple[list[LivePrompt], list[LivePrompt], list[FetchedPatch]]:
        """Fetch patches of the prompts that wait first: those to ask now, those still waiting."""
        fetched: list[FetchedPatch] = []
        while waiting and not fetched:
            # A dict, as it keeps the order.
            waiting = self._within_limits(waiting)
            patches = _patches_of(waiting)
            now = patches[:_PATCHES]
            fetched, reasons = self._layer.fetch(now, folder, self._feedback)
            self._give_up([each for each in waiting if each.patch in reasons], reasons)
            asked = [each for each in waiting if each.patch in now and each.patch not in reasons]
            waiting = [each for each in waiting if each.patch not in now]
            if fetched:
                return asked, waiting, fetched
        return [], [], []

    def _within_limits(self, waiting: list[LivePrompt]) -> list[LivePrompt]:
        """The prompts, without objects whose outlines alone would need too many tiles.

        Raises:
            TileError: the others need too many.
        """
        try:
            self._layer.check_count(_patches_of(waiting))
        except TileError:
            known = [each for each in waiting if each.shown_on is not None]
            rest = [each for each in waiting if each.shown_on is None]
            if not known:
                raise
            self._layer.check_count(_patches_of(rest))
            self._give_up(known, {})
            return rest
        return waiting

    def _give_up(self, prompts: list[LivePrompt], reasons: dict[LivePatch, str]) -> None:
        """Answer prompts whose patch could not be fetched, with what was seen of them before."""
        seen = tuple(each.answer for each in prompts if each.answer is not None)
        unanswered = tuple(
            contract.UnansweredPrompt(each.prompt.key, reasons[each.patch])
            for each in prompts
            if each.answer is None and each.patch is not None
        )
        self._receive(contract.ObjectsEvent(seen, unanswered))

    def _receive(self, event: contract.ObjectsEvent) -> None:
        keys = {each.key for each in event.objects} | {each.key for each in event.unanswered}
        self._done += len(keys)
        self._answers.write(event)


def _patches_of(prompts: Sequence[LivePrompt]) -> list[LivePatch]:
    """The patches that prompts wait for, each once."""
    return list(
        dict.fromkeys(
            patch for each in prompts for patch in (each.patch, *each.others) if patch is not None
        )
    )
