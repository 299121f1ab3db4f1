"""What QGIS's providers tell of their network requests only in passing.

A provider's block has a hole where a tile failed, and no word about it: on QGIS 3.22 neither
``QgsRasterBlockFeedback.errors`` nor the block's error names HTTP errors, time-outs or
broken images of tiles. The replies themselves and QGIS's message log do.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsApplication, QgsNetworkAccessManager
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from .base import tr

# The server's last word: asking again would only be a nuisance.
_FINAL_STATUS = {204, 400, 401, 403, 404, 405, 410}
_MESSAGE_URL = re.compile(r"URL: ([^\]\s)]+)")
_JPEG_START, _JPEG_END = b"\xff\xd8", b"\xff\xd9"
_JPEG_PADDING = 256  # bytes after the end that servers were seen to append


@dataclass(frozen=True)
class Failure:
    """Why a request gave no image. ``final``: asking again makes no sense."""

    url: str
    reason: str
    final: bool


class RequestWatch:
    """Notes the requests that the current thread makes while the watch is on.

    Attributes:
        failures: by address.
        answered: addresses that gave what may be an image.
    """

    def __init__(self) -> None:
        self.failures: dict[str, Failure] = {}
        self.answered: set[str] = set()
        self._thread = threading.get_ident()
        manager = QgsNetworkAccessManager.instance()
        self._cache = manager.cache()
        # QGIS's own signal of this name also brings the replies of other threads.
        self._finished = super(QgsNetworkAccessManager, manager).finished  # type: ignore[misc]
        self._logged = QgsApplication.messageLog().messageReceived

    def __enter__(self) -> "RequestWatch":
        self._finished.connect(self._on_finished, Qt.ConnectionType.DirectConnection)
        self._logged.connect(self._on_message, Qt.ConnectionType.DirectConnection)
        return self

    def __exit__(self, *_: Any) -> None:
        self._logged.disconnect(self._on_message)
        self._finished.disconnect(self._on_finished)
        # QGIS would take a broken image from its disk cache without another request.
        for url in self.failures:
            self._cache.remove(QUrl(url))

    def note(self, messages: Iterable[str]) -> None:
        """Take in the errors of a block; newer QGIS puts there what older ones log."""
        for text in messages:
            self._on_message(text)

    def _on_finished(self, reply: QNetworkReply) -> None:
        url = reply.request().url().toString()
        status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        error = reply.error()
        if error == QNetworkReply.NetworkError.OperationCanceledError:
            self._fail(url, tr("no answer in time"))
        elif status is not None and (int(status) >= 400 or int(status) == 204):
            self._fail(url, f"HTTP {int(status)}", int(status) in _FINAL_STATUS)
        elif error != QNetworkReply.NetworkError.NoError:
            # Its text begins with the address, which may hold a key.
            self._fail(url, reply.errorString().replace(url, "").strip() or tr("no connection"))
        elif _is_truncated_jpeg(reply):
            # Qt fills it up with grey. What is read here, QGIS does not get to see.
            reply.readAll()
            self._fail(url, tr("a truncated image"))
        else:
            self.answered.add(url)

    def _on_message(self, text: str, *_: Any) -> None:
        if threading.get_ident() != self._thread:
            return
        found = _MESSAGE_URL.search(text)
        if found and found.group(1) not in self.failures:
            self.answered.discard(found.group(1))
            self._fail(found.group(1), tr("no image in the answer"))

    def _fail(self, url: str, reason: str, final: bool = False) -> None:
        self.failures[url] = Failure(url, reason, final)


def summary(failures: Iterable[Failure]) -> tuple[str, ...]:
    """A line for each reason: how often, and one address without what may be secret."""
    examples: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for failure in failures:
        counts[failure.reason] += 1
        examples.setdefault(failure.reason, _shown(failure.url))
    return tuple(
        tr("{} x {} (such as {})").format(count, reason, examples[reason])
        for reason, count in counts.most_common()
    )


def _shown(url: str) -> str:
    options = QUrl.UrlFormattingOption
    return str(QUrl(url).adjusted(options.RemoveUserInfo | options.RemoveQuery).toString())


def _is_truncated_jpeg(reply: QNetworkReply) -> bool:
    start = bytes(reply.peek(2))
    if start != _JPEG_START:
        return False
    body = bytes(reply.peek(reply.bytesAvailable()))
    return _JPEG_END not in body[-_JPEG_PADDING:]
