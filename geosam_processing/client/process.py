"""One engine process: its start, the frames to and from it, its end and why it ended."""

import collections
import contextlib
import json
import os
import queue
import subprocess
import threading
from typing import IO, Any, Optional

from geosam_processing.contract.errors import EngineError
from geosam_processing.contract.folders import package_folder
from geosam_processing.contract.texts import Text
from geosam_processing.environment.locate import REPAIR, VARIABLE, clean_environment

STDERR_LINES = 50
END_TIME = 8.0  # seconds; the engine takes five to save what is done

# The package comes last on the path, so that an installed one of another version wins and
# the handshake tells; the current folder, where anything may lie, leaves it. Compiled modules that
# a full disk cut off would keep the engine from starting ever after, so they are removed.
PROGRAM = """
import os, sys
sys.path[:] = [p for p in sys.path if p] + [sys.argv[1]]
main = None
while main is None:
    try:
        from geosam_processing.engine.server import main
    except (EOFError, ValueError, TypeError) as error:
        trace, damaged = error.__traceback__, None
        while trace is not None:
            damaged = trace.tb_frame.f_locals.get("bytecode_path") or damaged
            trace = trace.tb_next
        if not damaged:
            raise
        os.remove(damaged)
main()
"""

_SIGNALS = {
    4: Text("it used an instruction that this processor lacks: install a build of torch for it"),
    6: Text("a library gave up: look at its last lines, and try another DEVICE"),
    7: Text("memory could not be read, perhaps a full disk: free some space and try again"),
    9: Text(
        "most likely the system ran out of memory: lower BATCH_SIZE, take a smaller model, "
        "or close other programs"
    ),
    11: Text("a library or a driver crashed: try again, and with another DEVICE if it recurs"),
    15: Text("another program ended it: run again"),
}


class EngineDied(Exception):
    """The process has gone; ``EngineProcess.obituary`` says why."""


class EngineProcess:
    """A running engine. Not for two threads at a time, but for ``end``.

    Raises:
        EngineError: ``python`` cannot be started.
    """

    def __init__(self, python: str) -> None:
        self.python = python
        try:
            self._process = subprocess.Popen(
                [python, "-X", "utf8", "-c", PROGRAM, os.path.dirname(package_folder())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=clean_environment(os.environ),
                # Windows would show a console.
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise EngineError(
                "The engine's Python cannot be started ({}: {}): {}, or correct {}",
                python,
                error.strerror,
                REPAIR,
                VARIABLE,
            ) from error
        self._messages: queue.SimpleQueue[Optional[dict[str, Any]]] = queue.SimpleQueue()
        self._stderr: collections.deque[str] = collections.deque(maxlen=STDERR_LINES)
        self._threads = [
            threading.Thread(target=target, name="geosam engine", daemon=True)
            for target in (self._read_messages, self._read_stderr)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        # A killed process with many threads takes a while to be gone, but hangs up at once.
        reader = self._threads[0]
        return reader.is_alive() and self._process.poll() is None

    def send(self, message: dict[str, Any]) -> None:
        """Write one JSON-RPC message.

        Raises:
            EngineDied: nobody reads it.
        """
        body = json.dumps({"jsonrpc": "2.0", **message}).encode("utf-8")
        stream = _present(self._process.stdin)
        try:
            stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            stream.flush()
        except (OSError, ValueError) as error:
            raise EngineDied from error

    def receive(self, seconds: float) -> Optional[dict[str, Any]]:
        """The next message, or None if none comes within ``seconds``.

        Raises:
            EngineDied: there will be none.
        """
        try:
            message = self._messages.get(timeout=seconds)
        except queue.Empty:
            return None
        if message is None:
            # For whoever asks next.
            self._messages.put(None)
            raise EngineDied
        return message

    def end(self, seconds: float = END_TIME) -> None:
        """Close its input, which ends it, and kill it if it still runs after ``seconds``."""
        with contextlib.suppress(OSError, ValueError):
            _present(self._process.stdin).close()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        for thread in self._threads:
            thread.join(END_TIME)
            if thread.is_alive():  # a grandchild holds the other end
                return
        _present(self._process.stdout).close()
        _present(self._process.stderr).close()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def obituary(self) -> str:
        """Why the engine ended, what to do, and its last lines. It must have died."""
        self.end()
        code = self._process.returncode
        return Text("{}{}", _meaning(code), self.last_lines())

    def last_lines(self) -> str:
        """Its last lines on standard error, under a heading; empty if there are none."""
        lines = [line for line in list(self._stderr) if line.strip()]
        return Text("\nThe engine's last lines were:\n{}", "\n".join(lines)) if lines else ""

    def _read_messages(self) -> None:
        stream = _present(self._process.stdout)
        try:
            message = _read_frame(stream)
            while message is not None:
                self._messages.put(message)
                message = _read_frame(stream)
        except (OSError, ValueError) as error:
            self._stderr.append(f"Not a message of the engine: {error}")
        finally:
            self._messages.put(None)

    def _read_stderr(self) -> None:
        for line in _present(self._process.stderr):
            # Of a progress bar only the last state.
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            self._stderr.append(text.rpartition("\r")[2])


def _read_frame(stream: IO[bytes]) -> Optional[dict[str, Any]]:
    """One message, None at the end of the stream; ValueError if it is none."""
    length = None
    for line in iter(stream.readline, b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        elif not line.strip():
            if length is None:
                raise ValueError("a header without Content-Length")
            body = stream.read(length)
            if len(body) < length:
                return None
            message = json.loads(body)
            if not isinstance(message, dict):
                raise ValueError(f"{message!r}")
            return message
    return None


def _meaning(code: int) -> str:
    if code < 0:
        meaning = _SIGNALS.get(-code, Text("run again, and report it if it recurs"))
        return Text("The engine was stopped by signal {}; {}", -code, meaning)
    number = hex(code) if code > 255 else str(code)
    return Text(
        "The engine ended unexpectedly with exit code {}. Run again, and report it if it recurs",
        number,
    )


def _present(stream: Optional[IO[bytes]]) -> IO[bytes]:
    if stream is None:
        raise EngineDied
    return stream
