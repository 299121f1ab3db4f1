"""A real server of XYZ tiles on loopback, whose pixels are known and which fails as told."""

import base64
import contextlib
import http.server
import threading
import time
from typing import Any, Callable, Optional

import numpy
from osgeo import gdal

WORLD = 20037508.342789244  # half the side of the Mercator square, in metres

Pixels = Callable[[int, int, int], numpy.ndarray]


def random_tile(zoom: int, x: int, y: int, side: int = 256) -> numpy.ndarray:
    """uint8 [3, side, side]; each tile another noise, so that half a pixel shows."""
    generator = numpy.random.default_rng(zoom * 1000003 + x * 1009 + y)
    return generator.integers(0, 256, (3, side, side)).astype(numpy.uint8)


def tile_bounds(
    zoom: int, x: int, y: int, columns: int = 1, rows: int = 1
) -> tuple[float, float, float, float]:
    """xmin, ymin, xmax, ymax in EPSG:3857 of a block of tiles."""
    side = 2 * WORLD / 2**zoom
    return (
        -WORLD + x * side,
        WORLD - (y + rows) * side,
        -WORLD + (x + columns) * side,
        (WORLD - y * side),
    )


def same_within_a_pixel(found: numpy.ndarray, wanted: numpy.ndarray) -> bool:
    """Whether each pixel is its own or that of a neighbour; both [bands, height, width]."""
    around = numpy.pad(wanted, ((0, 0), (1, 1), (1, 1)), mode="edge")
    height, width = wanted.shape[1:]
    equal = [
        (found == around[:, y : y + height, x : x + width]).all(axis=0)
        for y in range(3)
        for x in range(3)
    ]
    return bool(numpy.any(equal, axis=0).all())


def image_file(values: numpy.ndarray, driver: str = "PNG") -> bytes:
    """uint8 [bands, height, width] as a PNG or JPEG."""
    bands, height, width = values.shape
    memory = gdal.GetDriverByName("MEM").Create("", width, height, bands)
    for number, band in enumerate(values, start=1):
        memory.GetRasterBand(number).WriteArray(band)
    path = f"/vsimem/tile_{threading.get_ident()}"
    gdal.GetDriverByName(driver).CreateCopy(path, memory)
    file = gdal.VSIFOpenL(path, "rb")
    gdal.VSIFSeekL(file, 0, 2)
    size = gdal.VSIFTellL(file)
    gdal.VSIFSeekL(file, 0, 0)
    content = bytes(gdal.VSIFReadL(1, size, file))
    gdal.VSIFCloseL(file)
    gdal.Unlink(path)
    return content


class TileServer:
    """Serves ``pixels(zoom, x, y)`` at /zoom/x/y.png until it is closed.

    Attributes:
        faults: (x, y) to a status, "empty", "truncated", "short", "text", "slow", an address
            to redirect to, or a list of such, one a request, after which the tile is good.
        requests: the paths that were asked for.
        agents: the user agents that asked.
        headers: what came with the requests, by names in lower case.
    """

    def __init__(
        self, pixels: Pixels = random_tile, driver: str = "PNG", password: Optional[str] = None
    ) -> None:
        self.pixels = pixels
        self.driver = driver
        self.password = password
        self.faults: dict[tuple[int, int], Any] = {}
        self.requests: list[str] = []
        self.agents: set[str] = set()
        self.headers: list[dict[str, str]] = []
        self.delay = 0.0
        self._lock = threading.Lock()
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                owner._answer(self)

            def log_message(self, *arguments: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def uri(self, path: str = "{z}/{x}/{y}.png", **options: Any) -> str:
        items: dict[str, Any] = {"type": "xyz", "url": f"http://127.0.0.1:{self.port}/{path}"}
        items.update({"zmin": 0, "zmax": 19, **options})
        return "&".join(f"{key}={value}" for key, value in items.items())

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        zoom, x, y = (int(part) for part in handler.path.split(".")[0].split("/")[-3:])
        with self._lock:
            self.requests.append(handler.path)
            self.headers.append({key.lower(): text for key, text in handler.headers.items()})
            self.agents.add(str(handler.headers.get("User-Agent")))
            body = image_file(self.pixels(zoom, x, y), self.driver)
            fault = self.faults.get((x, y))
            if isinstance(fault, list):
                fault = fault.pop(0) if fault else None
        time.sleep(6.0 if fault == "slow" else self.delay)
        status, length, kind = 200, None, f"image/{self.driver.lower()}"
        if self.password is not None:
            expected = "Basic " + base64.b64encode(self.password.encode()).decode()
            status = 200 if handler.headers.get("Authorization") == expected else 401
        if isinstance(fault, int):
            status = fault
        if isinstance(fault, str) and ":" in fault:
            status = 302
        if status != 200 or fault == "empty":
            body = b""
        elif fault == "truncated":
            body = body[: len(body) // 2]
        elif fault == "short":
            length = 2 * len(body)
        elif fault == "text":
            kind, body = "text/html", b"<html>quota exceeded</html>"
        # A client that has gone away, such as one that was cancelled, is no error here.
        with contextlib.suppress(ConnectionError):
            self._send(handler, status, kind, body, length, str(fault) if status == 302 else "")
        handler.close_connection = fault == "short"

    def _send(
        self,
        handler: http.server.BaseHTTPRequestHandler,
        status: int,
        kind: str,
        body: bytes,
        length: Optional[int],
        location: str,
    ) -> None:
        handler.send_response(status)
        if location:
            handler.send_header("Location", location)
        handler.send_header("Content-Type", kind)
        handler.send_header("Cache-Control", "max-age=3600")
        handler.send_header("Content-Length", str(length or len(body)))
        handler.end_headers()
        handler.wfile.write(body)
