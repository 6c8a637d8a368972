"""The appointments are the same from code that is kept, and where code cannot be kept or is damaged."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import appointments_alone
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
LIMIT = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="this system has no limit for the size of files")
def test_unwritable_and_damaged_code_costs_time_alone(tmp_path: Path) -> None:
    name = "EN00006"
    package, home, caches = tmp_path / "abm", tmp_path / "home", tmp_path / "caches"
    shutil.copytree(REPOSITORY / "abm", package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "__pycache__").touch()  # a file where the folder would be: nobody can write below it
    script = str(Path(appointments_alone.__file__))
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "HOME": str(home), "XDG_CACHE_HOME": str(caches)}

    def fresh(*before: str) -> tuple[str, str]:
        done = subprocess.run(
            [sys.executable, "-B", *before, script, name],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip(), done.stderr

    here = appointments_alone.play([name])[name]
    answer, complaint = fresh()
    assert answer == here and complaint.count("\n") == 1 and str(package / "__pycache__") in complaint
    assert fresh() == (here, "")
    kept = list(tmp_path.rglob("*.code"))
    assert len(kept) >= 3
    for path in kept:
        path.write_bytes(path.read_bytes()[:-100])
    answer, complaint = fresh("-c", LIMIT)  # and the disk is full
    assert answer == here and "damaged" in complaint and "not kept" in complaint and complaint.count("\n") == 2
