"""Names for readers: practices by their titles, organisations by their letter on the maps, founder and month."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from abm.report.maps import Look, looks
from abm.report.words import named

if TYPE_CHECKING:
    from abm.record.results import Run


def place_title(run: Run) -> str:
    """What the place of a run is called: by whoever built it, else by its name or the name of its files."""
    built = run.manifest["place"].get("built", {}).get("title")
    return str(built) if built else named(Path(run.manifest["scenario"]["place"]).stem)


def heading(run: Run) -> str:
    """What a run is called: by its place where the scenario has no name of its own."""
    return place_title(run) if run.name == Path(run.manifest["scenario"]["place"]).stem else named(run.name)


@dataclass(frozen=True)
class Names:
    """What the practices and organisations of a run are called in its report."""

    run: Run

    @cached_property
    def looks(self) -> dict[str, Look]:
        """The looks of organisations on the maps."""
        return looks(self.run)

    @cached_property
    def titles(self) -> dict[str, str]:
        """Titles of practices by code; those without one are left out."""
        rows = self.run.practices[["practice", "title"]].drop_duplicates("practice")
        return {code: title for code, title in rows.itertuples(index=False) if title and title != code}

    def practice(self, code: str) -> str:
        """Title and code of a practice."""
        return f"{self.titles[code]} ({code})" if code in self.titles else code

    def organisation(self, name: str) -> str:
        """Letter and name of an organisation, where it has a letter."""
        look = self.looks.get(name)
        return f"{look.letter} ({name})" if look and look.letter else name

    def of(self, code: str) -> str:
        """What anybody is called: a practice or an organisation as above, all others by their code."""
        return self.organisation(code) if code in self.looks else self.practice(code)
