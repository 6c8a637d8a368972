"""The baseline tool is a script in the folder above; its tests take it as a fixture."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def baseline():
    path = Path(__file__).parents[1] / "update_baseline.py"
    spec = spec_from_file_location("update_baseline", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
