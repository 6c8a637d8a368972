"""How to make the run again, and how to cite the model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from abm import __version__
from abm.report.words import listing

if TYPE_CHECKING:
    from abm.record.results import Run

HOMES = (Path(__file__).parent, Path(__file__).parents[2])  # in an installed wheel; in the sources
CITATION = "CITATION.cff"


@dataclass(frozen=True)
class Origin:
    """The last section: commands and facts as pairs, and how to cite."""

    commands: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    citation: str


def origin(run: Run) -> Origin:
    """Where the run comes from, by its manifest."""
    manifest = run.manifest
    libraries = listing(f"{name} {version}" for name, version in manifest["libraries"].items() if version)
    files = manifest["place"].get("files", {})
    facts = [
        ("Scenario, SHA-256", manifest["scenario_sha256"]),
        ("Seed", str(run.seed)),
        ("Tables, SHA-256 of their content", run.content_hash()),
        ("Code of the model, SHA-256", manifest["code_sha256"]),
        *((f"File {name}, SHA-256", digest) for name, digest in files.items()),
        ("gpfed", manifest["version"] or __version__),
        ("Made on", f"{manifest['created'][:10]}, Python {manifest['python']}, {manifest['platform']}"),
        ("Libraries", libraries),
    ]
    commands = [f"gpfed run scenario.toml --seed {run.seed}", "gpfed report FOLDER-OF-THE-RUN"]
    return Origin(tuple(commands), tuple(facts), citation())


@cache
def citation() -> str:
    """One sentence from the project's citation file."""
    text = next(home / CITATION for home in HOMES if (home / CITATION).is_file()).read_text("utf-8")
    facts = {
        key: value.strip().strip('"') for key, value in re.findall(r"^(\w[\w-]*): *(\S.*)$", text, flags=re.MULTILINE)
    }
    authors = listing(name.strip().strip('"') for name in re.findall(r"^ *- name: *(.+)$", text, flags=re.MULTILINE))
    return f"{authors}. {facts['title']}. Version {facts['version']}. {facts['license']} licence."
