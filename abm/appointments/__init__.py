"""Appointments by day: every request is an individual, diaries are booked ahead, SimPy keeps the clock.

The package knows none of the agents, only numbers: a `MonthPlan` goes in, a `MonthCounts` comes out. Importing it loads
NumPy alone; the compiled engine is loaded with `abm.appointments.layer`.
"""

from abm.appointments.interface import MonthCounts, MonthPlan, Sites

__all__ = ["MonthCounts", "MonthPlan", "Sites"]
