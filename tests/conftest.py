"""What all tests share: the published data and the settings of property tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parents[1]

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of published data on English practices; the test is skipped where there is none."""
    named = os.environ.get("GPFED_REAL_DATA")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no published data in {folder}: set GPFED_REAL_DATA to the folder that holds them")
    return folder
