"""What all tests share: where their folders lie."""

import os

from support.memory import MEMORY, temporary

if temporary() == MEMORY:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
