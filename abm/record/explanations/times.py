"""Policy, its dated changes and the shocks of a run, in words.

All of it is read from the manifest, so that a run can be told where the files of its place are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from abm.record.explanations.words import CHOICES, LEVERS
from abm.scenario.levers import Levers

if TYPE_CHECKING:
    from abm.record.results import Run

REFORM_REMEMBERED = 12  # months for which a reorganisation is named with the support that it weakened
CUT_REMEMBERED = 12  # months for which a cut of funding is named with pressure, as the time and no cause
MONEY = ("money", "open_call", "call_factor")


class Times:
    """What was in force when.

    Args:
        run: the run.
    """

    def __init__(self, run: Run) -> None:
        scenario = run.manifest["scenario"]
        self._run = run
        self.policy: dict[str, Any] = scenario["policy"]
        self.changes = sorted([*self.policy["changes"], *scenario["changes"]], key=lambda change: change["month"])
        self.shocks: list[dict[str, Any]] = scenario["shocks"]

    def levers_at(self, month: int) -> dict[str, Any]:
        """The levers in force in a month; none act in the warm-up."""
        if month <= 0:
            return {}
        levers = {name: self.policy[name] for name in Levers.model_fields}
        for change in self.changes:
            if change["month"] <= month:
                levers |= {name: value for name, value in change.items() if name != "month"}
        return levers

    def unusual(self, month: int) -> list[str]:
        """The levers that are not as without a policy, in words."""
        plain = {name: item.default for name, item in Levers.model_fields.items()}
        return [lever_words(name, value) for name, value in self.levers_at(month).items() if value != plain[name]]

    def sentences(self) -> list[tuple[int, str]]:
        """Every dated change of policy, by month; shocks are in the log of events."""
        return [
            (change["month"], f"Policy: {lever_words(name, value)}.")
            for change in self.changes
            for name, value in change.items()
            if name != "month" and change["month"] <= self._run.last_month
        ]

    def notes(self, month: int, terms: Mapping[str, float]) -> dict[str, str]:
        """What changes of policy and shocks have to do with terms, by term."""
        notes: dict[str, str] = {}
        offers = [change["month"] for change in self.changes if "fund_per_head" in change and change["month"] <= month]
        if offers:
            notes |= {name: f"the money offered since {self._run.dated(offers[-1])}" for name in MONEY}
        for shock in self.shocks:
            age, when = month - shock["month"], self._run.dated(shock["month"])
            if age < 0:
                continue
            match shock["kind"]:
                case "reorganisation" if age < REFORM_REMEMBERED:
                    notes["support"] = f"the support of the commissioner, weakened by the reorganisation of {when}"
                case "retirement_wave" if age < shock["months"]:
                    notes["wave_factor"] = f"the wave of retirement that began in {when}"
                case "winter_surge" if age < shock["months"]:
                    notes["pressure"] = f"pressure in the winter surge of {when}"
                case "funding_cut" if age < CUT_REMEMBERED:
                    notes["pressure"] = f"pressure within a year of the funding cut of {when}"
                case _:
                    pass
        return {name: note for name, note in notes.items() if terms.get(name, 0.0) > 0}


def lever_words(name: str, value: Any) -> str:
    """A lever with its value in words."""
    if name in CHOICES and value in CHOICES[name]:
        return CHOICES[name][value]
    if name in LEVERS and value is not None:
        return LEVERS[name].format(value=value)
    meaning = (Levers.model_fields[name].description or name).rstrip(".")
    shown = {True: "yes", False: "no", None: "none"}.get(value, value) if not isinstance(value, float) else f"{value:g}"
    return f"{meaning}: {str(shown).replace('_', ' ')}"
