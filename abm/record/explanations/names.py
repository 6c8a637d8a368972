"""Names as people read them, and who is meant by what somebody typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from abm.errors import InputError, did_you_mean
from abm.record.explanations.weighing import count, joined

if TYPE_CHECKING:
    from abm.record.results import Run

SHOWN = 8  # names listed where one was ambiguous
MERGER = "merger of "
KINDS = ("practice", "organisation", "commissioner", "GP")


class Names:
    """Writes a practice's title with its code at first mention and alone afterwards, and says what an organisation is.

    Args:
        titles: title of each practice.
        forms: form of each organisation, in words.
    """

    def __init__(self, titles: Mapping[str, str], forms: Mapping[str, str]) -> None:
        self._titles, self._forms = titles, forms
        self._shared = {title for title, times in Counter(titles.values()).items() if times > 1}
        self._mentioned: set[str] = set()
        self._own: dict[str, str] = {}

    @classmethod
    def of(cls, run: Run) -> Names:
        """The names of a run."""
        founded = run.events.query("kind == 'founded'")
        forms = dict(zip(founded["who"], founded["detail"], strict=True))
        forms |= dict.fromkeys(run.events.query("kind == 'became federation'")["who"], "federation")
        return cls(titles_of(run), forms)

    def introduce(self, subject: Subject) -> None:
        """Take the subject's name as mentioned; an organisation needs no name from there on."""
        self._mentioned.add(subject.name)
        if subject.kind == "organisation":
            self._own[subject.name] = "the organisation"

    def __call__(self, name: str) -> str:
        """The name in a sentence."""
        if name in self._own:
            return self._own[name]
        title = self._titles.get(name, "")
        if title:
            first = name not in self._mentioned or title in self._shared
            self._mentioned.add(name)
            return f"{title} ({name})" if first else title
        if " and " in name:
            return self._several(name)
        if self._forms.get(name):
            return f"the {'network' if self._forms[name] == 'informal' else self._forms[name]} {name}"
        return name

    def _several(self, name: str) -> str:
        """A merger, or practices joined by 'and', each by its title."""
        lead = MERGER if name.startswith(MERGER) else ""
        names = parties(name)
        if not all(each in self._titles for each in names):
            return name
        return f"{'the ' if lead else ''}{lead}{joined([self(each) for each in names])}"


def parties(name: str) -> list[str]:
    """Names of the practices that a merger is called after."""
    return name.removeprefix(MERGER).replace(" and ", ", ").split(", ")


@dataclass(frozen=True)
class Subject:
    """Whom an explanation is about: name, kind ("practice", "organisation", "commissioner" or "GP") and title."""

    name: str
    kind: str
    title: str = ""

    @property
    def heading(self) -> str:
        """Title and name."""
        return f"{self.title} ({self.name})" if self.title else self.name


@dataclass
class Known:
    """Everybody a run knows, by kind."""

    names: dict[str, set[str]]
    titles: dict[str, str]
    counts: str = field(init=False)

    def __post_init__(self) -> None:
        """Write down how many there are."""
        self.counts = joined([count(len(names), kind) for kind, names in self.names.items()])

    @classmethod
    def of(cls, run: Run) -> Known:
        """Whom a run knows; the ledger also has those who came and went within a month or in the warm-up."""
        held = run.memberships
        member = held["relation"] == "member"
        return cls(
            {
                "practice": set(run.practices["practice"]),
                "organisation": set(held.loc[held["relation"] != "post", "where"])
                | set(run.organisations["organisation"]),
                "commissioner": set(run.practices["commissioner"]),
                "GP": set(held.loc[~member, "who"]) | set(run.gps["gp"]),
            },
            titles_of(run),
        )


def titles_of(run: Run) -> dict[str, str]:
    """The title of each practice."""
    rows = run.practices[["practice", "title"]].drop_duplicates()
    return {str(name): str(title) for name, title in rows.itertuples(index=False)}


def find(run: Run, who: str) -> Subject:
    """Who is meant: a name, the title of a practice, or the one whose title begins with the words or has them.

    Raises:
        InputError: nobody, or more than one.
    """
    known = Known.of(run)
    word = who.strip()
    for kind in KINDS:
        if word in known.names[kind]:
            return Subject(word, kind, known.titles.get(word, ""))
    folded = word.casefold()
    names = {name: kind for kind in KINDS for name in known.names[kind]}
    titles = {name: title.casefold() for name, title in known.titles.items()}
    tests = (
        [name for name in names if name.casefold() == folded],
        [name for name, title in titles.items() if title == folded],
        [name for name, title in titles.items() if title.startswith(folded)],
        [name for name, title in titles.items() if folded in title],
    )
    found = next((sorted(each) for each in tests if each), []) if folded else []
    if len(found) == 1:
        return Subject(found[0], names[found[0]], known.titles.get(found[0], ""))
    if found:
        listed = [f"{known.titles[name]} ({name})" for name in found[:SHOWN]]
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise InputError(f"'{who}' fits {len(found)} practices of the run '{run.name}': {', '.join(listed)}{more}")
    raise InputError(
        f"the run '{run.name}' knows nobody called '{who}'; allowed are names of its {known.counts}"
        f"{did_you_mean(word, _alike(known, word))}"
    )


def _alike(known: Known, word: str) -> Iterable[str]:
    """Names of the kind that the word looks like: GPs have a stroke, organisations an @."""
    if "@" in word:
        return sorted(known.names["organisation"])
    if "/" in word:
        return sorted(known.names["GP"])
    near = sorted(known.names["practice"]) + sorted(known.names["commissioner"])
    return [*near, *sorted(title for title in known.titles.values() if title)] if word else []
