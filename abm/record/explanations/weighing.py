"""Numbers, lists and terms as clauses: which side weighed more, and how likely that made the choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from abm.record.explanations.words import TERMS

LEAST = 0.005  # a smaller term is not worth a word
MOST = 3  # terms named on a side; the rest are told as one sum
DESPITE = 0.25  # a side this much lighter did not need to be outweighed
RARE = 0.0095  # chances below are told in 1,000


def joined(words: Sequence[str]) -> str:
    """Words as a list with 'and'."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def count(number: float, one: str, many: str = "") -> str:
    """A number of things: '1 partner', '2 partners'."""
    return f"{number:,.0f} {one if round(number) == 1 else many or one + 's'}"


def signed(value: float) -> str:
    """A number with its sign, two decimals and a real minus."""
    return f"{'−' if value < 0 else '+'}{abs(value):.2f}"


def odds(chance: float) -> str:
    """A chance as people say it: '23 in 100', '4 in 1,000'."""
    if chance >= 1.0:
        return "certain"
    if chance <= 0.0:
        return "0 in 100"
    whole = 100 if chance >= RARE else 1_000 if chance >= RARE / 10 else 100_000
    times = min(max(1, round(chance * whole)), whole - 1)
    return f"{times:,} in {whole:,}"


def odds_between(low: float, high: float) -> str:
    """A range of chances: '3 to 5 in 100'."""
    least, most = odds(low), odds(high)
    if least == most:
        return least
    same = least.partition(" in ")[2] == most.partition(" in ")[2]
    return f"{least.partition(' in ')[0]} to {most}" if same else f"{least} to {most}"


def form_of(word: str) -> str:
    """A form of organisation with its article."""
    return {"informal": "an informal network"}.get(word, f"{'an' if word[:1] in 'aeiou' else 'a'} {word}")


@dataclass(frozen=True)
class Side:
    """The terms that speak for an option, or those that speak against it.

    Attributes:
        named: term and value, the weightiest first.
        rest: sum of the terms that are not named.
    """

    named: tuple[tuple[str, float], ...]
    rest: float = 0.0

    @property
    def weight(self) -> float:
        """The sum, without its sign."""
        return abs(sum(value for _, value in self.named) + self.rest)

    def told(self, say: Callable[[str, float], str]) -> str:
        """The terms in words with their numbers in brackets."""
        words = [f"{say(name, value)} ({signed(value)})" for name, value in self.named]
        return joined([*words, *([f"other reasons ({signed(self.rest)})"] if abs(self.rest) >= LEAST else [])])


def sides(terms: Mapping[str, float]) -> tuple[Side, Side]:
    """The terms for and those against, the weightiest first."""
    ordered = sorted(terms.items(), key=lambda item: (-abs(item[1]), item[0]))
    return _side([item for item in ordered if item[1] > 0]), _side([item for item in ordered if item[1] < 0])


def _side(ordered: list[tuple[str, float]]) -> Side:
    worth = [item for item in ordered if abs(item[1]) >= LEAST]
    named = worth if len(worth) <= MOST + 1 else worth[:MOST]
    return Side(tuple(named), sum(value for name, value in ordered if (name, value) not in named))


def speaker(own: Mapping[str, tuple[str, str]], notes: Mapping[str, str]) -> Callable[[str, float], str]:
    """Words for a term by its sign; a note on it stands for them."""

    def say(name: str, value: float) -> str:
        plain = name.replace("_", " ")
        word = {**TERMS, **own}.get(name, (plain, plain))[value < 0]
        return notes.get(name, word)

    return say


def drawn_by(terms: Mapping[str, float], say: Callable[[str, float], str]) -> str:
    """What spoke for the one of several that was chosen, and what against it."""
    pro, contra = sides(terms)
    for_it, against = pro.told(say), contra.told(say)
    if not against:
        return f"drawn by {for_it}, with nothing against it" if for_it else "nothing spoke for it or against it"
    return f"drawn by {for_it}, despite {against}" if for_it else f"nothing but {against} was known of it"


def best_by(terms: Mapping[str, float], say: Callable[[str, float], str]) -> str:
    """What made one of several the best, and what spoke against it."""
    pro, contra = sides(terms)
    for_it, against = pro.told(say), contra.told(say)
    if not for_it:
        return f"the best in spite of {against}" if against else "as good as any"
    return f"the best by {for_it}" + (f", despite {against}" if against else "")


def weighed(
    terms: Mapping[str, float], towards: bool, say: Callable[[str, float], str], it: str = "it"
) -> tuple[str, bool]:
    """The clause that sets the two sides against each other, and whether the choice follows the balance.

    Args:
        terms: parts of a sum; positive ones speak for the option.
        towards: whether the option was chosen.
        say: words for a term.
        it: what a positive sum speaks for.
    """
    pro, contra = sides(terms)
    agrees = (pro.weight >= contra.weight) == towards or pro.weight == contra.weight
    heavy, light = (pro, contra) if pro.weight >= contra.weight else (contra, pro)
    for_heavy = f"for {it}" if heavy is pro else f"against {it}"
    if not heavy.named and abs(heavy.rest) < LEAST:
        return f"nothing spoke for {it} or against it", agrees
    if not light.named and abs(light.rest) < LEAST:
        nothing = "nothing against" if heavy is pro else "nothing for it"
        return f"{heavy.told(say)} spoke {for_heavy}, {nothing}", agrees
    if pro.weight == contra.weight:
        return f"{pro.told(say)} balanced {contra.told(say)}", agrees
    if agrees and light.weight < DESPITE * heavy.weight:
        return f"{heavy.told(say)} spoke {for_heavy}, despite {light.told(say)}", agrees
    return f"{heavy.told(say)} outweighed {light.told(say)}", agrees
