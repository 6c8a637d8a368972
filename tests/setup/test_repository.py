"""What the repository promises about itself: one locked set of libraries, no addresses, a light model."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("nodesource", "com"),
    ]
]
HEAVY = ["numba", "pyarrow", "matplotlib", "solara", "duckdb", "scipy.stats"]


def tracked_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def dependencies() -> list[str]:
    listed = [project()["dependencies"], *project()["optional-dependencies"].values()]
    return [re.match(r"[A-Za-z0-9._-]+", requirement)[0] for requirements in listed for requirement in requirements]


def locked_requirements() -> list[str]:
    joined = (ROOT / "requirements.lock").read_text().replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def test_no_tracked_file_holds_a_registry_address() -> None:
    holders = {
        f"{path.relative_to(ROOT)}: {host}"
        for path in tracked_files()
        for host in REGISTRY_HOSTS
        if host.encode() in path.read_bytes()
    }
    assert not holders


def test_uv_lock_is_not_tracked() -> None:
    assert ROOT / "uv.lock" not in tracked_files()


def test_every_locked_requirement_is_pinned_and_hashed() -> None:
    unsafe = [line.split()[0] for line in locked_requirements() if "==" not in line or "--hash=sha256:" not in line]
    assert not unsafe
    assert locked_requirements()


def test_every_dependency_is_locked() -> None:
    def normal(name: str) -> str:
        return re.sub(r"[-_.]+", "-", name).lower()

    locked = {normal(line.split("==")[0]) for line in locked_requirements()}
    assert not {normal(name) for name in dependencies()} - locked


def test_every_dependency_has_its_reason_in_the_record() -> None:
    record = (ROOT / "docs/adr/0001-dependencies.md").read_text()
    reasons = dict(re.findall(r"^\| ([A-Za-z0-9._-]+) \| (.+) \|$", record, flags=re.MULTILINE))
    assert not [name for name in dependencies() if not reasons.get(name, "").strip()]
    assert not set(reasons) - set(dependencies()) - {"Library"}


def test_importing_the_model_loads_no_heavy_library() -> None:
    loaded = f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    program = f"import sys, abm; abm.Scenario, abm.Policy, abm.Locality; {loaded}"
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []
