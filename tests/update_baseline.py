"""Hold a few short runs against stored figures; `make baseline` shows what changed and stores the new ones.

The figures prove nothing about the world. They show that a change of the code changed the results, so that nobody
changes them unawares. Six significant digits are stored, and a difference in the last of them does not count, so that
processors and libraries may differ in the last bits.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

STORED = Path(__file__).parent / "regression" / "baseline.json"
PLACE, POLICIES, SEED, HORIZON = "town-and-country", ("as-it-was", "distributed-leadership"), 1, 12
MONTHS = (0, 3, 6, 9, 12)
SERIES = (
    "patients", "collaborating_share", "federation_share", "organisations", "organisation_population_mean",
    "capability", "personal_capability_share", "engagement", "leadership", "attitude", "gps", "fte", "partner_share",
    "vacancy_share", "turnover_mean", "burnout", "high_burnout_share", "partner_income_p50", "load", "access",
    "continuity", "quality", "long_term_conditions", "vaccination", "integration", "attended", "gp_contact_share",
    "usual_gp_share", "unmet_urgent", "abandoned", "hub_contacts", "no_show_share", "attendances_per_1000",
    "admissions_per_1000", "paid_core", "paid_development",
)  # fmt: skip
DIGITS, SAME = 6, 2e-5  # significant digits stored; relative difference that rounding may make

Figures = dict[str, dict[str, list[float | None]]]
"""By run and series, one figure for each of `MONTHS`; None where the run has no value."""


def measure() -> Figures:
    """The figures of the code as it is."""
    from abm import Scenario, run

    found: Figures = {}
    for policy in POLICIES:
        scenario = Scenario.load(PLACE).with_policy(policy).with_horizon(HORIZON)
        model = run(scenario, SEED).model.set_index("month").loc[list(MONTHS)]
        name = f"{PLACE}, {policy}, seed {SEED}"
        found[name] = {series: [rounded(value) for value in model[series]] for series in SERIES}
    return found


def rounded(value: float) -> float | None:
    """A number with six significant digits, None for none."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def load() -> Figures:
    """The stored figures; none when nothing is stored yet, or other months are."""
    if not STORED.exists():
        return {}
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    figures: Figures = stored["runs"] if stored["months"] == list(MONTHS) else {}
    return figures


def differences(old: Figures, new: Figures) -> list[str]:
    """What changed, one line a figure: run, series, month, old value, new value, relative change."""
    lines = []
    for run_name in sorted({*old, *new}):
        before, after = old.get(run_name, {}), new.get(run_name, {})
        for series in sorted({*before, *after}):
            if series not in before or series not in after:
                lines.append(f"{run_name}: {series} is {'new' if series in after else 'gone'}")
                continue
            for month, was, now in zip(MONTHS, before[series], after[series], strict=True):
                if not same(was, now):
                    lines.append(f"{run_name}: {series}, month {month}: {was} -> {now}{relative(was, now)}")
    return lines


def same(was: float | None, now: float | None) -> bool:
    """Whether two figures differ by no more than rounding."""
    if was is None or now is None:
        return was is now
    return math.isclose(was, now, rel_tol=SAME)


def relative(was: float | None, now: float | None) -> str:
    """The relative change in words, empty where there is none to speak of."""
    return f" ({100 * (now - was) / abs(was):+.3g}%)" if was and now is not None else ""


def store(old: Figures, new: Figures) -> None:
    """Write the new figures, one line a series; those that are the same keep their old digits."""
    kept: dict[str, Any] = {}
    for run_name, series_of_run in new.items():
        before = old.get(run_name, {})
        kept[run_name] = {
            series: [was if same(was, now) else now for was, now in zip(before[series], values, strict=True)]
            if series in before
            else values
            for series, values in series_of_run.items()
        }
    runs = ",\n".join(
        f"    {json.dumps(run_name)}: {{\n"
        + ",\n".join(f"      {json.dumps(series)}: {json.dumps(values)}" for series, values in sorted(of_run.items()))
        + "\n    }"
        for run_name, of_run in kept.items()
    )
    STORED.write_text(f'{{\n  "months": {json.dumps(MONTHS)},\n  "runs": {{\n{runs}\n  }}\n}}\n', encoding="utf-8")


def main() -> int:
    """Show what changed and store it."""
    old, new = load(), measure()
    changes = differences(old, new)
    if not changes:
        print("The results are those of the stored baseline; nothing is written.")
        return 0
    print("\n".join(changes))
    store(old, new)
    print(f"{len(changes)} changes are stored in {STORED.name}; commit them if they are meant.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
