"""Closure of practices that nobody runs (model section 6.5)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter


class ClosureParameters(ParameterGroup):
    """How long a commissioner looks for somebody to take a practice over, and who receives its patients."""

    months_asked: int = parameter(
        3,
        "months in which a neighbour each is asked to take a practice without partners in, before it is closed",
        unit="months",
        low=1,
        high=12,
    )
    receivers: int = parameter(
        3, "nearest practices to which the patients of a closed practice go", unit="practices", low=1, high=6
    )
