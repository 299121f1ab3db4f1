"""A real HTTP server of one file on loopback, which misbehaves as told."""

import http.server
import re
import threading
import time
from typing import Any, Optional


class FileServer:
    """Serves ``body`` under any path, and takes ranges, until it is closed.

    Attributes:
        faults: one a request, after which all is well: a status, or one of
            "stall": half of what is due, then nothing;
            "drop": half of what is due, then the end of the connection;
            "no range": the whole file, whatever was asked;
            "short": half of the file as if it were all;
            "wrong": other bytes of the same number;
            "redirect": to another address of this server; ("redirect", address): to that one.
        etag: of the file, None for a server that has none.
        asked: the ``Range`` of each request, None where there was none.
        sent: bytes of bodies that were sent in all.
        paths, logins: of each request: its path, which is a whole address where this server is
            taken for a proxy, and its ``Authorization``.
    """

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.etag: Optional[str] = '"one"'
        self.faults: list[Any] = []
        self.asked: list[Optional[str]] = []
        self.agents: list[str] = []
        self.paths: list[str] = []
        self.logins: list[Optional[str]] = []
        self.sent = 0
        self.delay = 0.0
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                owner._answer(self)

            def log_message(self, *arguments: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/models/"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        wanted = handler.headers.get("Range")
        self.asked.append(wanted)
        self.agents.append(str(handler.headers.get("User-Agent")))
        self.paths.append(handler.path)
        self.logins.append(handler.headers.get("Authorization"))
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, int):
            self._send(handler, fault, b"this is no model", {})
        elif fault == "redirect":
            self._send(handler, 302, b"", {"Location": "/elsewhere/model.pt"})
        elif isinstance(fault, tuple):
            self._send(handler, 302, b"", {"Location": fault[1]})
        elif fault == "short":
            self._send(handler, 200, self.body[: len(self.body) // 2], {})
        else:
            self._send_file(handler, wanted, fault)

    def _send_file(
        self, handler: http.server.BaseHTTPRequestHandler, wanted: Optional[str], fault: Any
    ) -> None:
        body = bytes(len(self.body)) if fault == "wrong" else self.body
        headers = {"ETag": self.etag} if self.etag else {}
        condition = handler.headers.get("If-Range")
        match = re.fullmatch(r"bytes=(\d+)-", wanted or "")
        if not match or fault == "no range" or (condition and condition != self.etag):
            self._send(handler, 200, body, headers, fault)
            return
        first = int(match[1])
        headers["Content-Range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
        self._send(handler, 206, body[first:], headers, fault)

    def _send(
        self,
        handler: http.server.BaseHTTPRequestHandler,
        status: int,
        body: bytes,
        headers: dict[str, str],
        fault: Any = None,
    ) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        if status == 407:
            handler.send_header("Proxy-Authenticate", 'Basic realm="proxy"')
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if fault in ("stall", "drop"):
            body = body[: len(body) // 2]
        try:
            for start in range(0, len(body), 1 << 16):
                # Counted first: the client may be done with it before this thread goes on.
                self.sent += len(body[start : start + (1 << 16)])
                handler.wfile.write(body[start : start + (1 << 16)])
                time.sleep(self.delay)
            handler.wfile.flush()
            if fault == "stall":
                time.sleep(3)
        except ConnectionError:
            pass
