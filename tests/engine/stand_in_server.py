"""The engine's real server around stand-ins for its work, which do what a test asks.

Run as a program: ``stand_in_server.py [ignored ...]``. The name of the layer in an
``EncodeRequest`` says what happens. GEOSAM_STAND_IN_VERSION is the version that it
claims to have, GEOSAM_STAND_IN_START what it does instead of starting.
"""

import json
import os
import sys
import time
import types
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]


def encode(request: Any, context: Any) -> Any:
    from geosam_processing import contract
    from geosam_processing.engine.errors import Cancelled, RasterError

    what = request.layer_name
    if what == "wait":
        context.log(contract.LogEvent("waiting"))
        while not context.cancelled():
            time.sleep(0.01)
        Path(request.output, "flushed").write_text("")
        raise Cancelled
    if what == "hang":
        context.log(contract.LogEvent("hanging"))
        time.sleep(600)
    elif what == "user error":
        raise RasterError("Invalid raster (x): give another one")
    elif what == "bug":
        raise ZeroDivisionError("nobody foresaw this")
    elif what == "unsendable":
        context.log(object())
    elif what == "memory":
        raise MemoryError
    elif what == "torch memory":
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried 9 bytes")
    elif what == "print":
        print("printed by Python")
        os.write(1, b"printed by C\n")
        os.system("echo printed by a child")
        sys.stdin.read()
    elif what == "die":
        print("about to die", file=sys.stderr)
        os.kill(os.getpid(), 9)
    elif what == "exit":
        os._exit(3)
    elif what == "environment":
        context.log(contract.LogEvent(json.dumps(dict(os.environ))))
    elif what == "progress":
        for done in range(2000):
            context.progress(contract.ProgressEvent(done + 1, 2000, "é"))
    patch = contract.PatchRecord("chip_000000", 0, 0, 0.0, False, False, "00")
    return contract.EncodeResult(
        request.output, "m", 1, 0, 0, (0.0, 1.0), "geosam_nano", "EPSG:32632", (patch,)
    )


def segment(request: Any, context: Any) -> Any:
    from geosam_processing import contract

    for prompt in request.prompts:
        context.results(
            contract.ObjectsEvent(unanswered=(contract.UnansweredPrompt(prompt.key, "outside"),))
        )
    return contract.SegmentResult(0, len(request.prompts), 0)


def describe(request: Any, context: Any) -> Any:
    from geosam_processing import contract

    return contract.FeaturesDescription("EPSG:4326", str(os.getpid()), 1, (0.0, 0.0, 1.0, 1.0))


def serve() -> None:
    sys.path.append(str(REPOSITORY))
    start = os.environ.get("GEOSAM_STAND_IN_START")
    if start == "fail":
        raise ModuleNotFoundError("No module named 'pylsp_jsonrpc'")
    from geosam_processing import contract
    from geosam_processing.engine import server

    contract.VERSION = os.environ.get("GEOSAM_STAND_IN_VERSION", contract.VERSION)
    for name, functions in (
        ("encoding.encode", [encode]),
        ("segmentation.segment", [segment, describe]),
    ):
        module = types.ModuleType(f"geosam_processing.engine.{name}")
        for function in functions:
            setattr(module, function.__name__, function)
        sys.modules[module.__name__] = module
    server.main()


if __name__ == "__main__":
    serve()
