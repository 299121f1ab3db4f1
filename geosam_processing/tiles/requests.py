"""Network requests of QGIS's providers, which report them only in passing.

A provider's block has a hole where a tile failed, and no word about it: on QGIS 3.22 neither
``QgsRasterBlockFeedback.errors`` nor the block's error names HTTP errors, time-outs or
broken images of tiles. The replies themselves and QGIS's message log do.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Optional

from qgis.core import QgsApplication, QgsNetworkAccessManager, QgsNetworkReplyContent
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from ..translation import tr

# The server's last word: asking again would only be a nuisance.
_FINAL_STATUS = {204, 400, 401, 403, 404, 405, 410}
_MESSAGE_URL = re.compile(r"\burl: ([^\]\s)]+)", re.IGNORECASE)
_JPEG_START, _JPEG_END = b"\xff\xd8", b"\xff\xd9"
_JPEG_PADDING = 256  # bytes after the end that servers were seen to append


@dataclass(frozen=True)
class Failure:
    """Why a request gave no image. ``final``: asking again makes no sense."""

    url: str
    reason: str
    final: bool


class RequestWatch:
    """Notes what fails of the requests that a provider makes for the current thread.

    Up to about QGIS 3.30 a provider asks in the thread of its caller, later in one of QGIS's,
    which repeats what failed. Then the log says what failed for good, and the replies, which
    ``main`` (the manager of the main thread) hears of, only why.

    Attributes:
        failures: by address.
    """

    def __init__(self, main: QgsNetworkAccessManager, uri: str) -> None:
        """``uri`` of the layer separates its requests from those of other threads."""
        self.failures: dict[str, Failure] = {}
        self._uri = QUrl.fromPercentEncoding(uri.encode())
        self._heard: dict[str, tuple[str, bool]] = {}
        self._thread = threading.get_ident()
        self._own = QgsNetworkAccessManager.instance()
        self._signals: list[tuple[Any, Any]] = [
            (manager.finished[QgsNetworkReplyContent], self._on_finished)
            for manager in ([main] if self._own is main else [main, self._own])
        ]
        self._signals.append((QgsApplication.messageLog().messageReceived, self._on_message))

    def __enter__(self) -> "RequestWatch":
        for signal, listener in self._signals:
            signal.connect(listener, Qt.ConnectionType.DirectConnection)
        return self

    def __exit__(self, *_: Any) -> None:
        for signal, listener in self._signals:
            signal.disconnect(listener)
        # Time-outs in QGIS's own thread are nowhere in the log.
        for url, problem in list(self._heard.items()):
            if url not in self.failures and QUrl(url).authority() in self._uri:
                self.failures[url] = Failure(url, *problem)
        # QGIS would take a broken image from its disk cache without another request.
        for url in self.failures:
            self._own.cache().remove(QUrl(url))

    def note(self, messages: Iterable[str]) -> None:
        """Take in the errors of a block; some versions of QGIS put there what others log."""
        for text in messages:
            self._on_message(text)

    def _on_finished(self, content: QgsNetworkReplyContent) -> None:
        url = content.request().url().toString()
        status = content.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        error = content.error()
        problem = None
        if status is not None and (int(status) >= 400 or int(status) == 204):
            problem = (f"HTTP {int(status)}", int(status) in _FINAL_STATUS)
        elif error == QNetworkReply.NetworkError.OperationCanceledError:
            problem = (tr("no answer in time"), False)
        elif error != QNetworkReply.NetworkError.NoError:
            # Its text begins with the address, which may hold a key.
            text = content.errorString().replace(url, "").strip()
            problem = (text or tr("no connection"), False)
        if threading.get_ident() != self._thread:
            reply = None
        else:
            reply = self._own_reply(content.requestId())
        if problem is None and reply is not None and _is_truncated_jpeg(reply):
            # Qt fills it up with gray. What is read here, QGIS does not get to see.
            reply.readAll()
            problem = (tr("a truncated image"), False)
        if problem is None:
            self._heard.pop(url, None)
        else:
            self._heard[url] = problem
            if reply is not None:
                self.failures[url] = Failure(url, *problem)

    def _own_reply(self, identifier: int) -> Optional[QNetworkReply]:
        """The reply itself, if this thread's manager made the request."""
        for reply in self._own.findChildren(QNetworkReply):
            if reply.property("requestId") == identifier:
                return reply
        return None

    def _on_message(self, text: str, *_: Any) -> None:
        found = _MESSAGE_URL.search(text)
        if threading.get_ident() != self._thread or found is None:
            return
        url = found.group(1)
        if url not in self.failures:
            unknown = (tr("no image in the answer"), False)
            self.failures[url] = Failure(url, *self._heard.get(url, unknown))


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
