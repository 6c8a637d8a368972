"""Folders that appear at once or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def put_in_place(partial: Path, folder: Path) -> None:
    """Give a finished folder its name; what had the name goes only then, and comes back where that fails.

    Raises:
        OSError: the folder cannot be moved; what had the name has it still.
    """
    old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    if not folder.exists():
        os.replace(partial, folder)
        return
    os.replace(folder, old)
    try:
        os.replace(partial, folder)
    except OSError:
        os.replace(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
