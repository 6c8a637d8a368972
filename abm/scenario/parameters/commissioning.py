"""Commissioners (model sections 5 and 6.17)."""

from abm.scenario.parameters.registry import ParameterGroup, parameter


class CommissioningParameters(ParameterGroup):
    """Support, and what of the money reaches practices."""

    support_start: float = parameter(0.5, "support of commissioners at the start", low=0.0, high=1.0, symbol="S0")
    support_speed: float = parameter(0.02, "monthly return of support to its usual level", unit="per month")
    pass_through_full: float = parameter(
        0.27,
        "chance that a commissioner passes on all the money",
        low=0.0,
        high=1.0,
        grade="E",
        source="27% of 165 CCGs passed on £5 a head in full, 2014/15 (Pulse)",
    )
    pass_through_shape: tuple[float, float] = parameter(
        (2.0, 3.0), "Beta shape of the share that the others pass on", low=0.5, high=6.0
    )
    board_gps: int = parameter(6, "GPs with a seat on a commissioner's board", unit="GPs", low=0, high=12)
    board_sessions: float = parameter(1.0, "weekly sessions a seat takes", unit="sessions/week", low=0.0, high=2.0)
