"""Packages of a few bytes and a package index on loopback, to install an engine in seconds."""

import base64
import hashlib
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Optional

PROOF = (
    "import torch, tinybuild, tinyengine, tinymodel; "
    "print('Python 3.11.2, torch', torch.__version__ + ', no CUDA GPU')"
)


def write_wheel(
    folder: Path, name: str, version: str, code: str = "", scripts: Optional[dict[str, str]] = None
) -> Path:
    """A wheel of one module, and of programs."""
    information = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": code or f"__version__ = {version!r}\n",
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{information}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    for script, text in (scripts or {}).items():
        files[f"{name}-{version}.data/scripts/{script}"] = text
    record = "".join(f"{path},{_hash(text)},{len(text)}\n" for path, text in files.items())
    files[f"{information}/RECORD"] = record + f"{information}/RECORD,,\n"
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, text)
    return wheel


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def write_packages(folder: Path) -> tuple[Path, Path]:
    """A folder of wheels and one of requirements like the engine's that ask for them."""
    wheels, pins = folder / "wheels", folder / "requirements"
    wheels.mkdir()
    pins.mkdir()
    for name, (package, version) in {
        "build": ("tinybuild", "1.0"),
        "torch-cpu": ("torch", "1.0+cpu"),
        "torch": ("torch", "1.0"),
        "engine": ("tinyengine", "1.0"),
        "models": ("tinymodel", "1.0"),
        "sam3": ("tinysam3", "1.0"),
        "dask": ("tinydask", "1.0"),
        "uv": ("uv", "0.13.9"),
    }.items():
        wheel = write_wheel(wheels, package, version)
        pin(pins / f"{name}.txt", wheel)
        if name in ("torch", "uv"):
            wheel.unlink()
    return wheels, pins


def pin(requirements: Path, wheel: Path) -> None:
    """Make a wheel the one package of a requirements file."""
    name, version = wheel.name.split("-")[:2]
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    text = f"# {name}\n{name}=={version} \\\n    --hash=sha256:{digest}\n"
    requirements.write_text(text)


class PackageIndex(ThreadingHTTPServer):
    """Serves wheels as a package index does.

    Attributes:
        stalls: a word; a file whose name begins with it is held back until it is emptied.
        stalled: set while that happens.
        served: the names of the files that were asked for.
    """

    daemon_threads = True

    def __init__(self, wheels: Path) -> None:
        self.wheels = wheels
        self.stalls = ""
        self.stalled = threading.Event()
        self.released = threading.Event()
        self.served: list[str] = []
        super().__init__(("127.0.0.1", 0), partial(_Handler, directory=str(wheels)))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/simple"

    def release(self) -> None:
        self.stalls = ""
        self.released.set()


class _Handler(SimpleHTTPRequestHandler):
    server: PackageIndex

    def do_GET(self) -> None:
        name = self.path.strip("/").rpartition("/")[2]
        if name.endswith(".whl"):
            self.server.served.append(name.partition("-")[0])
            if self.server.stalls and name.startswith(self.server.stalls):
                self.server.stalled.set()
                self.server.released.wait(60)
            self.path = f"/{name}"
            with suppress(BrokenPipeError):  # the one who asked was killed
                super().do_GET()
            return
        wheels = [path.name for path in self.server.wheels.glob(f"{name}-*.whl")]
        links = "".join(f'<a href="/files/{wheel}">{wheel}</a>' for wheel in wheels)
        body = f"<!DOCTYPE html><html><body>{links}</body></html>".encode()
        self.send_response(200 if wheels else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        pass


@contextmanager
def package_index(wheels: Path) -> Iterator[PackageIndex]:
    index = PackageIndex(wheels)
    thread = threading.Thread(target=index.serve_forever, daemon=True)
    thread.start()
    yield index
    index.release()
    index.shutdown()
    index.server_close()
