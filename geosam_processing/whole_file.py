"""A small file that is there as a whole or not at all.

Needs the standard library only and runs on the Python that QGIS brings.
"""

import contextlib
import os
from pathlib import Path
from typing import Union


def write_whole(path: Path, content: Union[str, bytes]) -> None:
    """Write a file, text in UTF-8, in place of one that may be there.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        os.replace(temporary, path)
    except OSError:
        # A full disk shall not stay full of it.
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
