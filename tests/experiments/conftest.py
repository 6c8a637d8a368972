"""Fake runs stand in a module that worker processes can import: spawned processes inherit the import path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
