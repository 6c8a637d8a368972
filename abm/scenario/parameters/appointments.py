"""Parameters of the appointment layer: what patients ask for and how diaries are kept."""

from __future__ import annotations

from pydantic import model_validator

from abm.scenario.parameters.registry import ParameterGroup, parameter

CONTACTS = "contacts per full-time equivalent of each staff group"
WAKEFIELD = "Wakefield appointments in general practice, 2018/19"
CONTINUITY = "patient surveys of the preference for a particular GP"
TIMINGS = "published consultation times in English general practice"
ATTENDANCE = "published appointments in general practice: attendance by days between booking and appointment"


class AppointmentParameters(ParameterGroup):
    """Requests, diaries, rationing and the hub. Order of the kinds: urgent, routine, planned."""

    kind_share: tuple[float, float, float] = parameter(
        (0.44, 0.41, 0.15), "share of requests that are urgent, routine and planned",
        low=(0.39, 0.36, 0.10), high=(0.49, 0.46, 0.20),
    )  # fmt: skip
    gp_only_share: tuple[float, float, float] = parameter(
        (0.60, 0.60, 0.10), "share of each kind that only a GP can serve",
        low=(0.50, 0.50, 0.0), high=(0.70, 0.70, 0.20),
    )  # fmt: skip
    pharmacist_share: float = parameter(
        0.12, "share of the rest that a community pharmacy could serve", low=0.05, high=0.25
    )
    routine_day_share: tuple[float, float, float, float, float] = parameter(
        (0.45, 0.30, 0.15, 0.07, 0.03), "share of routine requests wanted 1, 2-5, 6-10, 11-15 and 16-20 open days on",
        low=0.0, high=1.0,
    )  # fmt: skip
    planned_day_first: int = parameter(5, "earliest day wanted by a planned request", unit="open days", low=1, high=20)
    planned_day_last: int = parameter(30, "latest day wanted by a planned request", unit="open days", low=5, high=40)
    patience_scale: float = parameter(
        11.0, "scale of the Weibull patience beyond the day wanted", unit="open days", low=7.0, high=18.0
    )
    patience_shape: float = parameter(1.3, "shape of the Weibull patience", low=0.65, high=2.6)
    prefers_usual_gp: float = parameter(
        0.55, "share of requests that prefer the usual GP", low=0.35, high=0.65, grade="E", source=CONTINUITY
    )
    tolerated_days: tuple[int, int, int, int] = parameter(
        (2, 4, 7, 14), "days longer a patient waits for the usual GP, each value equally often", unit="days",
        low=0, high=28,
    )  # fmt: skip
    slots_gp: int = parameter(
        16, "ten-minute slots in a session of a GP or locum", unit="slots", low=14, high=20,
        grade="D", source=f"{CONTACTS}; {WAKEFIELD}",
    )  # fmt: skip
    slots_registrar: int = parameter(
        7, "slots in a session of a registrar", unit="slots", low=5, high=9,
        grade="D", source=f"{CONTACTS}; {WAKEFIELD}",
    )  # fmt: skip
    slots_other: int = parameter(
        15, "slots in a session of a nurse or other clinician", unit="slots", low=10, high=18,
        grade="D", source=f"{CONTACTS}; {WAKEFIELD}",
    )  # fmt: skip
    sessions_registrar: float = parameter(
        6.25, "sessions a week of a full-time registrar", unit="sessions/week", grade="D", source=CONTACTS
    )
    sessions_other: float = parameter(
        8.8, "sessions a week of a full-time nurse or other clinician", unit="sessions/week", low=4.4, high=10.0,
        grade="D", source=CONTACTS,
    )  # fmt: skip
    head_fte: float = parameter(0.74, "full-time equivalent of one registrar, nurse or other clinician", unit="FTE",
                                low=0.37, high=1.0)  # fmt: skip
    carve_out_gp: float = parameter(
        0.50, "share of a GP session kept for the day", low=0.0, high=1.0, symbol="carve_out"
    )
    carve_out_other: float = parameter(
        0.30, "share of a nurse's or other clinician's session kept for the day", low=0.0, high=1.0,
        symbol="carve_out",
    )  # fmt: skip
    horizon: int = parameter(56, "days ahead for which a diary is open", unit="days", low=7, high=63)
    leave_weeks: int = parameter(6, "weeks of leave a year", unit="weeks/year", low=0, high=12)
    sick: float = parameter(0.015, "share of days lost to sickness", low=0.0, high=0.04)
    call_back: float = parameter(
        0.70, "probability that a refused urgent patient rings again the next open day", low=0.5, high=0.9
    )
    come_back: float = parameter(
        0.20, "probability that a refused routine patient returns as urgent", low=0.0, high=0.4
    )
    come_back_after: int = parameter(5, "delay of that return", unit="open days", low=1, high=7)
    call_closes: float = parameter(0.50, "share of requests that a call closes", low=0.3, high=0.7)
    hub_return: float = parameter(
        0.25, "share of hub contacts followed by a request at the practice", low=0.05, high=0.4
    )
    hub_return_shared_record: float = parameter(
        0.10, "the same share where the hub sees the practice's record", low=0.05, high=0.4
    )
    hub_return_after: int = parameter(3, "delay of that request", unit="open days", low=1, high=7)
    hub_day_share: tuple[float, float, float] = parameter(
        (0.14, 0.20, 0.10),
        "share of a week's hub slots on each weekday evening, Saturday, and Sunday or a bank holiday",
        low=0.0,
        high=1.0,
    )
    cancels: float = parameter(0.06, "share cancelled of those booked two or more open days ahead", low=0.02, high=0.10)
    no_show: tuple[float, float, float, float, float, float] = parameter(
        (0.019, 0.045, 0.066, 0.082, 0.088, 0.103), "no-shows after 0, 1, 2-7, 8-14, 15-28 and more than 28 days",
        low=(0.004, 0.030, 0.051, 0.067, 0.073, 0.088), high=(0.034, 0.060, 0.081, 0.097, 0.103, 0.118),
        grade="E", source=ATTENDANCE,
    )  # fmt: skip
    no_show_gp: float = parameter(0.6, "factor on no-shows at a GP", low=0.3, high=1.0, grade="E", source=ATTENDANCE)
    no_show_other: float = parameter(
        1.35, "factor on no-shows at a nurse or other clinician", low=1.0, high=2.0, grade="E", source=ATTENDANCE
    )
    length_gp: float = parameter(
        9.2, "mean length of a consultation with a GP", unit="minutes", grade="E", source=TIMINGS
    )
    length_other: float = parameter(14.0, "mean length of one with a nurse or other clinician", unit="minutes")
    length_cv: float = parameter(0.65, "coefficient of variation of the lognormal length")
    weekday: tuple[float, float, float, float, float] = parameter(
        (1.22, 1.03, 0.96, 0.93, 0.86), "requests on Monday to Friday relative to the mean open day", low=0.4, high=2.5
    )
    first_hour: float = parameter(
        0.35,
        "share of a day's requests made from 08:00 to 09:00; the rest falls linearly to 18:30",
        low=0.175,
        high=0.7,
    )

    @model_validator(mode="after")
    def _shares_add_up(self) -> AppointmentParameters:
        weekday_evening, saturday, sunday = self.hub_day_share
        for name, total, whole in (
            ("kind_share", sum(self.kind_share), 1.0),
            ("routine_day_share", sum(self.routine_day_share), 1.0),
            ("weekday", sum(self.weekday), 5.0),
            ("hub_day_share", 5 * weekday_evening + saturday + sunday, 1.0),
        ):
            if abs(total - whole) > 1e-6:
                raise ValueError(
                    f"'{name}' adds up to {total:g} over the week or the kinds; it must add up to {whole:g}"
                )
        if self.planned_day_last < self.planned_day_first:
            raise ValueError("'planned_day_last' lies before 'planned_day_first'")
        return self
