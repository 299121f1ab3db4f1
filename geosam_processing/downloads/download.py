"""Files over HTTP through QGIS's network stack, which knows the proxy and the credentials.

Received bytes stay next to the target as ``<target>.part`` with a note of what it is a part
of, so that the next try asks for the rest only; the target itself appears whole and verified
or not at all.
"""

import base64
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsApplication, QgsNetworkAccessManager, QgsProcessingFeedback
from qgis.PyQt.QtCore import QEventLoop, QTimer, QUrl
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from ..contract.files import PartFile
from ..contract.texts import Text
from ..translation import worded
from .local_files import require_space, sha256_of
from .problems import (
    BROKEN,
    NEXT_STEP,
    PERMANENT_ERRORS,
    REDIRECT_STATUS,
    TRANSIENT_STATUS,
    DownloadError,
    Redirected,
    TryAgain,
)

CHUNK = 1 << 20  # bytes
WAKE = 100  # milliseconds between looks at cancellation and stalling
REDIRECTS = 10

_Errors = QNetworkReply.NetworkError


class _Cancelled(Exception):
    """The user does not want the file any more."""


@dataclass(frozen=True)
class RemoteFile:
    """A file to download; ``size`` in bytes and ``sha256`` in lower case, where known.

    ``bearer``: its server takes the password of a login as an access token.
    """

    url: str
    size: int = 0
    sha256: str = ""
    bearer: bool = False

    @property
    def shown(self) -> str:
        """The address without what may be secret in it."""
        options = QUrl.UrlFormattingOption
        url = QUrl(self.url).adjusted(options.RemoveUserInfo | options.RemoveQuery)
        return str(url.toString())


@dataclass(frozen=True)
class Patience:
    """How long a slow or failing server is borne, in seconds.

    A try ends when nothing came for ``stall``; ``retries`` further ones follow, after pauses
    that double from ``pause`` on. A try that brought a megabyte counts as the first.
    """

    stall: float = 30.0
    retries: int = 5
    pause: float = 1.0


class Download:
    """One file on its way to ``target``, whose folder exists; the caller has its turn there.

    ``authentication`` is the id of a QGIS authentication configuration, or empty.
    """

    def __init__(
        self,
        remote: RemoteFile,
        target: Path,
        feedback: QgsProcessingFeedback,
        authentication: str = "",
        patience: Optional[Patience] = None,
    ) -> None:
        self._remote = remote
        self._target = target
        self._feedback = feedback
        self._authentication = authentication
        self._patience = patience or Patience()
        self._part = PartFile(target, remote.url)
        self._resumed = self._part.size > 0
        self._last_text = 0.0

    def run(self) -> str:
        """Fetch and verify the file; its SHA-256. Empty if cancelled: the part is kept.

        Raises:
            DownloadError: the server does not give it, or gives something else; there is no room.
        """
        try:
            while True:
                require_space(self._target.parent, self._remote.size - self._part.size)
                self._fetch()
                digest = sha256_of(self._part.path, self._feedback)
                if not digest:
                    return ""
                if not self._remote.sha256 or digest == self._remote.sha256:
                    break
                self._part.drop()
                if not self._resumed:
                    raise self._wrong(digest)
                # The parts may be of different files; the whole once more tells.
                self._resumed = False
            self._part.become(self._target)
            return digest
        except _Cancelled:
            return ""
        finally:
            if not self._part.size:
                self._part.drop()

    def _wrong(self, digest: str) -> DownloadError:
        return DownloadError(
            "{} is not the file that is wanted (SHA-256 {}..., not {}...) and was dropped: {}",
            self._remote.shown,
            digest[:8],
            self._remote.sha256[:8],
            NEXT_STEP,
        )

    def _fetch(self) -> None:
        """Try until the part is whole."""
        failures, best = 0, self._part.size
        while True:
            try:
                self._attempt()
                return
            except TryAgain as reason:
                # More than ever: what comes again and again is no progress.
                failures = 1 if self._part.size - best >= CHUNK else failures + 1
                best = max(best, self._part.size)
                if failures > self._patience.retries:
                    raise DownloadError(
                        "{} cannot be downloaded: {}, also after "
                        "{} more tries; check the network and the proxy of "
                        "QGIS's options and run again, which continues, or "
                        "{}",
                        self._remote.shown,
                        reason,
                        self._patience.retries,
                        NEXT_STEP,
                    ) from None
                pause = self._patience.pause * 2 ** (failures - 1)
                self._feedback.pushInfo(
                    worded(Text("{}: trying again in {} s", reason, f"{pause:g}"))
                )
                self._pause(pause)

    def _attempt(self) -> None:
        """Ask for what is missing once.

        Raises:
            TryAgain, _Cancelled, DownloadError.
        """
        if self._remote.size and self._part.size > self._remote.size:
            self._part.drop()
        if self._remote.size and self._part.size == self._remote.size:
            return
        total = self._follow()
        if total and self._part.size < total:
            raise TryAgain(BROKEN)
        if self._remote.size and self._part.size != self._remote.size:
            size = self._part.size
            self._part.drop()
            raise self._wrong_size(size)

    def _follow(self) -> int:
        """Ask, and ask again where a redirect points to; answers what ``_stream`` does."""
        url = QUrl(self._remote.url)
        for _ in range(REDIRECTS):
            reply = QgsNetworkAccessManager.instance().get(self._request(url))
            # The disk may be slower than the network, and the memory is not for this.
            reply.setReadBufferSize(4 * CHUNK)
            try:
                with self._part.open() as file:
                    return self._stream(reply, file)
            except Redirected as redirected:
                url = self._allowed(url, redirected.target)
            finally:
                reply.abort()
                reply.deleteLater()
        raise self._refused(Text("the server redirects without end"))

    def _allowed(self, url: QUrl, target: QUrl) -> QUrl:
        new = url.resolved(target)
        if new.scheme() not in ("https",) and (url.scheme(), new.scheme()) != ("http", "http"):
            raise self._refused(
                Text(
                    "the server redirects from {} to {}",
                    url.scheme(),
                    new.scheme() or Text("nowhere"),
                )
            )
        return new

    def _stream(self, reply: QNetworkReply, file: Any) -> int:
        """Write the received bytes; return the complete size that the server states, 0 if none."""
        total: Optional[int] = None
        start = last = time.monotonic()
        begin = 0
        while True:
            finished = reply.isFinished()
            data = bytes(reply.read(CHUNK)) if reply.bytesAvailable() else b""
            if data and total is None and _status(reply) in (200, 206):
                total = self._begin(reply, file)
                begin = file.tell()
            if data and total is not None:
                last = time.monotonic()
                file.write(data)
                self._show(file.tell(), total, (file.tell() - begin) / max(last - start, 0.1))
                if self._remote.size and file.tell() > self._remote.size:
                    size = file.tell()
                    file.truncate(0)
                    raise self._wrong_size(size)
            if self._feedback.isCanceled():
                raise _Cancelled
            if finished and not reply.bytesAvailable():
                self._judge(reply)
                return self._begin(reply, file) if total is None else total
            if time.monotonic() - last > self._patience.stall:
                raise TryAgain("nothing came for {} s", f"{self._patience.stall:.0f}")
            if not data:
                _wait(reply)

    def _begin(self, reply: QNetworkReply, file: Any) -> int:
        """Set ``file`` to where the body goes; the size of the whole file, 0 if untold."""
        validator = _validator(reply)
        if _status(reply) == 206:
            self._resumed = True
            offset, total = _content_range(reply)
            changed = validator and self._part.validator and validator != self._part.validator
            if offset != file.seek(0, os.SEEK_END) or changed:
                file.truncate(0)
                self._part.note("")
                raise TryAgain(Text("the file on the server has changed"))
        else:
            length = _header(reply, b"Content-Length")
            total = int(length) if length.isdigit() else 0
            file.seek(0)
            file.truncate(0)
            self._resumed = False
            self._part.note(validator)
        if self._remote.size and total and total != self._remote.size:
            raise self._wrong_size(total)
        return total

    def _judge(self, reply: QNetworkReply) -> None:
        """Raise what a finished reply calls for, nothing if it is whole."""
        status, error = _status(reply), reply.error()
        if status == 416:
            self._part.drop()
            raise TryAgain(Text("the server does not know that part of the file"))
        if error == _Errors.NoError and status in (200, 206):
            return
        if status in REDIRECT_STATUS:
            target = reply.attribute(QNetworkRequest.Attribute.RedirectionTargetAttribute)
            raise Redirected(target or QUrl())
        if status in TRANSIENT_STATUS:
            raise TryAgain("the server answers {}", status)
        if error in PERMANENT_ERRORS or (status is not None and status >= 300):
            raise self._refused(
                PERMANENT_ERRORS.get(error) or Text("the server answers {}", status)
            )
        raise TryAgain(reply.errorString() or BROKEN)

    def _wrong_size(self, size: int) -> DownloadError:
        return DownloadError(
            "{} has {} bytes, but the file that is wanted has {}: {}",
            self._remote.shown,
            f"{size:,}",
            f"{self._remote.size:,}",
            NEXT_STEP,
        )

    def _refused(self, reason: str) -> DownloadError:
        return DownloadError(
            "{} cannot be downloaded: {}; {}", self._remote.shown, reason, NEXT_STEP
        )

    def _request(self, url: QUrl) -> QNetworkRequest:
        request = QNetworkRequest(url)
        attributes = QNetworkRequest.Attribute
        request.setAttribute(
            attributes.CacheLoadControlAttribute, QNetworkRequest.CacheLoadControl.AlwaysNetwork
        )
        request.setAttribute(attributes.CacheSaveControlAttribute, False)
        # Qt would send the login along, to whatever host a redirect names.
        request.setAttribute(
            attributes.RedirectPolicyAttribute, QNetworkRequest.RedirectPolicy.ManualRedirectPolicy
        )
        # Compressed bodies could not be resumed.
        request.setRawHeader(b"Accept-Encoding", b"identity")
        # Without either, nothing would tell if the pieces were of two files.
        if self._part.size and (self._part.validator or self._remote.sha256):
            request.setRawHeader(b"Range", f"bytes={self._part.size}-".encode())
            if self._part.validator:
                request.setRawHeader(b"If-Range", self._part.validator.encode())
        origin = QUrl(self._remote.url)
        if self._authentication and (url.host(), url.port()) == (origin.host(), origin.port()):
            manager = QgsApplication.authManager()
            good, request = manager.updateNetworkRequest(request, self._authentication)
            if not good:
                raise DownloadError(
                    "The authentication configuration {} cannot be used: "
                    "check AUTH, and QGIS's master password",
                    self._authentication,
                )
            if self._remote.bearer:
                _use_token(request)
        return request

    def _show(self, done: int, total: int, rate: float) -> None:
        size = self._remote.size or total
        of = f" of {size / 1e6:,.1f}" if size else ""
        now = time.monotonic()
        if now - self._last_text >= 1:
            self._last_text = now
            self._feedback.setProgressText(f"{done / 1e6:,.1f}{of} MB, {rate / 1e6:,.1f} MB/s")
        if size:
            self._feedback.setProgress(100 * done / size)

    def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self._feedback.isCanceled():
                raise _Cancelled
            _wait(None)


def _use_token(request: QNetworkRequest) -> None:
    """Send the password of a login as the access token that it is."""
    scheme, _, login = bytes(request.rawHeader(b"Authorization")).partition(b" ")
    if scheme.lower() == b"basic":
        token = base64.b64decode(login).partition(b":")[2]
        request.setRawHeader(b"Authorization", b"Bearer " + token)


def _wait(reply: Optional[QNetworkReply]) -> None:
    """Let the network work until something came, or for a moment."""
    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(loop.quit)
    if reply is not None:
        reply.readyRead.connect(loop.quit)
        reply.finished.connect(loop.quit)
    timer.start(WAKE)
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    timer.stop()
    if reply is not None:
        reply.readyRead.disconnect(loop.quit)
        reply.finished.disconnect(loop.quit)


def _status(reply: QNetworkReply) -> Optional[int]:
    status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
    return None if status is None else int(status)


def _header(reply: QNetworkReply, name: bytes) -> str:
    return bytes(reply.rawHeader(name)).decode("latin-1").strip()


def _validator(reply: QNetworkReply) -> str:
    """What ``If-Range`` may name: a strong ETag, else the date of the last change."""
    tag = _header(reply, b"ETag")
    return tag if tag and not tag.startswith("W/") else _header(reply, b"Last-Modified")


def _content_range(reply: QNetworkReply) -> tuple[int, int]:
    """First byte and complete size of ``bytes 5-9/10``; an unknown size is 0."""
    span, _, total = _header(reply, b"Content-Range").rpartition(" ")[2].partition("/")
    first = span.partition("-")[0]
    return (int(first) if first.isdigit() else -1), (int(total) if total.isdigit() else 0)
