"""Write a tiny SAM3 for tests in other interpreters: python -m tests.engine.models.sam3.write_tiny.

Its maps have as many channels as the real ones, so that feature folders are read as usual.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.engine.models.sam3 import tiny_sam3

if __name__ == "__main__":
    state = tiny_sam3.meta_state(tiny_sam3.build(neck_width=256))
    tiny_sam3.write_checkpoint(Path(sys.argv[1]), state)
