"""gpfed: a simulation laboratory for the future of English general practice.

from abm import Scenario, run
result = run(Scenario.load("town-and-country").with_policy("distributed-leadership"), seed=1)
result.model
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from abm.errors import InputError
    from abm.locality.locality import Locality
    from abm.model import PHASES, FederationModel
    from abm.record.results import Run
    from abm.report.page import write_report
    from abm.scenario.policy import Policy, policies
    from abm.scenario.scenario import Scenario
    from abm.simulate import resume, run, warm

__version__ = "0.1.0"

_HOMES = {
    "FederationModel": "abm.model",
    "InputError": "abm.errors",
    "Locality": "abm.locality.locality",
    "PHASES": "abm.model",
    "Policy": "abm.scenario.policy",
    "Run": "abm.record.results",
    "Scenario": "abm.scenario.scenario",
    "policies": "abm.scenario.policy",
    "resume": "abm.simulate",
    "run": "abm.simulate",
    "warm": "abm.simulate",
    "write_report": "abm.report.page",
}
__all__ = [
    "PHASES",
    "FederationModel",
    "InputError",
    "Locality",
    "Policy",
    "Run",
    "Scenario",
    "__version__",
    "policies",
    "resume",
    "run",
    "warm",
    "write_report",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that importing the package stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module 'abm' has no attribute '{name}'")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
