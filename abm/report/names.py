"""Names for readers: practices by their titles, organisations by their letter on the maps, founder and month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from abm.report.maps import Look, looks

if TYPE_CHECKING:
    from abm.record.results import Run


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

    def told(self, sentence: str) -> str:
        """A sentence with the titles and letters of those it names by code."""
        return self._known.sub(lambda found: self._spoken[found.group(0)], sentence)

    @cached_property
    def _spoken(self) -> dict[str, str]:
        organisations = {name: self.organisation(name) for name, look in self.looks.items() if look.letter}
        return {code: self.practice(code) for code in self.titles} | organisations

    @cached_property
    def _known(self) -> re.Pattern[str]:
        """Any code that has another name; not as part of a longer code such as that of a GP."""
        codes = sorted(self._spoken, key=lambda code: (-len(code), code))
        either = "|".join(re.escape(code) for code in codes) or r"(?!)"
        return re.compile(rf"(?<![\w/@-])(?:{either})(?![\w/@-])")
