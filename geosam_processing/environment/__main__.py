"""``python3 -m geosam_processing.environment --target FOLDER`` makes the engine's environment."""

import sys

from .setup import main

sys.exit(main())
