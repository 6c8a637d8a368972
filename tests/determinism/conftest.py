"""What is played in other processes stands in a module that they can import: spawned ones inherit the import path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
