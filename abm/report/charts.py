"""The charts of the report, as data: which series of a run, in which group, with unit and a plain explanation.

Everything comes from `abm.record.series`; `abm.report.values` makes the numbers and `abm.report.plot` draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PRACTICES, ORGANISATIONS, MEMBERS = "practices", "organisations", "member practices"


@dataclass(frozen=True)
class Line:
    """One line of a chart: the sum of one or more series of the model table."""

    label: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Spread:
    """What lies between the 10th and the 90th percentile.

    Attributes:
        among: whose spread: practices, members of organisations, or organisations.
        column: of their table; "" where the model table has the percentiles itself.
        low, high: those series of the model table.
    """

    among: str
    column: str = ""
    low: str = ""
    high: str = ""

    @property
    def label(self) -> str:
        """What a legend calls it."""
        return f"spread between {self.among}"


@dataclass(frozen=True)
class Chart:
    """One chart.

    Attributes:
        name: unique, for file names and anchors.
        title: of the chart.
        unit: of its vertical axis.
        lines: one to four.
        note: what the figures mean, in one sentence.
        scale: times which the series are shown.
        over: series that they are divided by.
        yearly: sums over the twelve months before; else the values of the months.
        spread: around the first line.
        level: a value that means something, drawn as a thin line.
        from_zero: whether the axis starts at 0.
        sparse: measured in some months only, which lines join.
    """

    name: str
    title: str
    unit: str
    lines: tuple[Line, ...]
    note: str = ""
    scale: float = 1.0
    over: str = ""
    yearly: bool = False
    spread: Spread | None = None
    level: float | None = None
    from_zero: bool = True
    sparse: bool = False


@dataclass(frozen=True)
class Group:
    """Charts under one heading."""

    name: str
    title: str
    charts: tuple[Chart, ...]


def _lines(*texts: str) -> tuple[Line, ...]:
    """Lines from "label: series", or "label: series series" for a sum."""
    pairs = (text.split(": ") for text in texts)
    return tuple(Line(label, tuple(columns.split())) for label, columns in pairs)


def _percent(name: str, title: str, unit: str, *lines: str, note: str = "") -> Chart:
    return Chart(name, title, unit, _lines(*lines), note, scale=100)


def _one(name: str, title: str, unit: str, column: str, note: str = "", **more: Any) -> Chart:
    return Chart(name, title, unit, (Line("mean", (column,)),), note, **more)


GROUPS: tuple[Group, ...] = (
    Group("collaboration", "Organisations and collaboration", (
        _percent("in-organisations", "Practices in organisations", "% of practices",
                 "any organisation: collaborating_share", "federation: federation_share",
                 "informal network: informal_share", "community health organisation: community_health_share"),
        _percent("owned", "Practices run by operators and NHS trusts, super-partnerships", "% of practices",
                 "operators: operator_share", "NHS trusts: trust_led_share",
                 "super-partnerships: super_partnership_share",
                 note="Operators and trusts employ all GPs of the practices that they run; a super-partnership is one "
                 "large merged practice."),
        _percent("patients", "Patients of practices in organisations", "% of patients",
                 "any organisation: patients_in_organisations_share"),
        Chart("organisations", "Number of organisations", "organisations",
              _lines("all: organisations", "federations: federations", "super-partnerships: super_partnerships")),
        Chart("population", "Population of an organisation", "thousand patients",
              _lines("median: organisation_population_median"), scale=0.001,
              spread=Spread(ORGANISATIONS, low="organisation_population_p10", high="organisation_population_p90")),
        Chart("joining", "Practices joining and leaving", "practices in twelve months",
              _lines("joined: joins", "left: departures"), yearly=True),
        Chart("withdrawing", "Practices that withdrew or were taken over", "practices in twelve months",
              _lines("withdrew: withdrawals", "taken over: takeovers"), yearly=True),
        Chart("practices", "Number of practices", "practices", _lines("practices: practices"), from_zero=False),
        Chart("merging", "Practices that ended", "practices in twelve months",
              _lines("became part of another: practices_merged", "closed: closures"), yearly=True),
        Chart("merger-talks", "Mergers of practices", "mergers in twelve months",
              _lines("begun: mergers_begun", "failed: mergers_failed", "completed: mergers"), yearly=True),
        _one("sites", "Sites of a practice", "sites", "sites_per_practice", level=1.0),
        Chart("founding", "Organisations formed and ended", "organisations in twelve months",
              _lines("formed: organisations_formed", "ended: organisations_ended",
                     "failed, of these: organisations_collapsed"), yearly=True),
        Chart("growing", "Networks and federations that changed", "organisations in twelve months",
              _lines("united with another: unions", "network became federation: escalations"), yearly=True),
    )),
    Group("sizes", "Population size bands", (
        _percent("size-bands", "Patients by size of their organisation", "% of patients",
                 "in none: patients_in_none", "under 25,000: patients_under_25000",
                 "25,000 to 100,000: share_population_25_100k", "over 100,000: patients_over_100000",
                 note="Where the registered patients are, by the population of the organisation of their practice."),
        _percent("over-30000", "Practices in organisations of over 30,000", "% of practices",
                 "practices: share_in_organisations_over_30000"),
        _percent("large-lists", "Practices of over 20,000 patients", "% of practices",
                 "practices: lists_over_20000_share"),
        _one("concentration", "Concentration of patients on providers", "index, 0 to 1", "concentration",
             "Herfindahl index, mean of commissioners: 1 if one provider has all patients; a practice on its own "
             "counts "
             "as one provider."),
    )),
    Group("capability", "Capability and leadership", (
        _one("capability", "Capability of organisations", "0 to 1", "capability",
             "What an organisation can do: contracts, finance, utilisation, quality, clinical leadership, real-time "
             "information.", spread=Spread(ORGANISATIONS, "capability")),
        _percent("personal", "Capability that would leave with the leaders", "% of capability",
                 "share: personal_capability_share"),
        _one("leadership", "Effective leadership", "0 to 1", "leadership", spread=Spread(ORGANISATIONS, "leadership")),
        _one("leader-load", "Leadership needed over leadership supplied", "ratio", "leader_load",
             "Above 1, organisations need more sessions of leadership than their leaders give.", level=1.0),
        Chart("leaders", "GPs who lead an organisation", "GPs", _lines("leaders: leaders")),
    )),
    Group("engagement", "Engagement and trust", (
        _one("engagement", "Engagement of member practices", "0 to 1", "engagement",
             spread=Spread(MEMBERS, "engagement")),
        _one("effort", "Effort for the organisation", "0 to 1", "effort", spread=Spread(MEMBERS, "effort")),
        _one("attitude", "Attitude of partners to collaboration", "-1 to 1", "attitude",
             "From -1, against, to 1, in favour.", spread=Spread(PRACTICES, "attitude"), from_zero=False),
        _percent("trust-density", "Pairs of practices that trust each other", "% of pairs", "pairs: trust_density",
                 note="Pairs of practices whose trust in each other is above 0.2 on a scale from -1 to 1."),
        Chart("trust-parts", "Parts of the trust network", "parts", _lines("parts: trust_components"),
              "Groups of practices that no such pair joins; a practice that trusts nobody is a part of its own."),
        _one("trust-modularity", "How far trust keeps to groups", "modularity", "trust_modularity",
             "0 where trust knows no groups; of two groups without trust between them 0.5, of many near 1. Groups are "
             "found by Louvain's method, once a year.", from_zero=False, sparse=True),
        _one("trust-deprivation", "Trust among practices of like deprivation", "correlation", "trust_assortativity",
             "Above 0, practices of deprived areas trust each other, as do those of wealthy ones; below 0, trust "
             "crosses over.", level=0.0, from_zero=False),
        _one("compactness", "How near to each other the members of organisations are", "ratio", "compactness",
             "Distance of two members of one organisation over that of any two practices of the place; 1 if members "
             "were drawn by lot.", level=1.0),
    )),
    Group("workforce", "Workforce", (
        Chart("fte", "GP working time", "full-time equivalents",
              _lines("all: fte", "partners: fte_partner", "salaried: fte_salaried", "sessional: fte_sessional")),
        _percent("roles", "Who gives the GP working time", "% of working time", "partners: partner_share",
                 "salaried: salaried_share", "sessional: sessional_share"),
        _percent("vacancies", "Vacant posts", "% of the working time sought", "vacant: vacancy_share"),
        Chart("exits", "GPs who left and who arrived", "GPs in twelve months",
              _lines("left: exits", "arrived: entrants"), yearly=True),
        Chart("role-changes", "GPs who changed role", "GPs in twelve months", _lines("changes: role_changes"),
              yearly=True),
        _percent("turnover", "Turnover of a practice's GPs", "% a year", "mean of practices: turnover_mean",
                 "75th percentile: turnover_p75"),
    )),
    Group("wellbeing", "Wellbeing of GPs", (
        _percent("high-burnout", "GPs with high burnout", "% of GPs", "GPs: high_burnout_share"),
        _one("burnout", "Burnout", "0 to 1", "burnout", "Mean of GPs; the spread is that of practices' means.",
             spread=Spread(PRACTICES, "burnout")),
        _percent("intention", "Chance of wanting to leave within five years", "%", "GPs: intention_to_leave"),
    )),
    Group("access", "Appointments and access", (
        _one("load", "Load of GPs", "ratio", "load",
             "Work that needs a GP over the GP appointments on offer; above 1 not all of it fits.",
             spread=Spread(PRACTICES, "load"), level=1.0),
        _one("access", "Access", "0 to 1", "access",
             "Half urgent requests met the same day, half routine requests met within five open days.",
             spread=Spread(PRACTICES, "access")),
        _percent("prompt", "Requests met promptly", "% of requests", "urgent the same day: same_day_share",
                 "routine within 5 open days: within_5_days_share"),
        _percent("waits", "Waits for appointments", "% of appointments",
                 "same or next day: wait_0_days_share wait_1_days_share",
                 "2 to 14 days: wait_2_7_days_share wait_8_14_days_share",
                 "over 14 days: wait_15_21_days_share wait_22_28_days_share wait_over_28_days_share"),
        Chart("requests", "Requests for appointments", "a month and 1,000 patients",
              _lines("urgent: urgent_requests", "routine: routine_requests", "planned: planned_requests"), scale=1_000,
              over="patients"),
        Chart("unmet", "Requests that came to nothing", "a month and 1,000 patients",
              _lines("urgent never met: unmet_urgent", "given up: abandoned"), scale=1_000, over="patients"),
        Chart("contacts", "Contacts that took place", "a month and 1,000 patients",
              _lines("all: attended", "at hubs: hub_contacts"), scale=1_000, over="patients"),
        _percent("gp-contacts", "Contacts with the practice's GPs", "% of contacts",
                 "share: gp_contact_share",
                 note="Locums and registrars included."),
        Chart("redirected", "Requests redirected to pharmacies", "a month and 1,000 patients",
              _lines("redirected: redirected"), scale=1_000, over="patients"),
        _percent("no-shows", "Appointments not kept", "% of appointments", "share: no_show_share"),
    )),
    Group("quality", "Continuity, quality and hospital use", (
        _one("continuity", "Continuity of care", "0 to 1", "continuity", spread=Spread(PRACTICES, "continuity")),
        _percent("usual-gp", "Contacts with the patient's usual GP", "% of GP and hub contacts",
                 "share: usual_gp_share"),
        _one("quality", "Quality", "0 to 1", "quality", spread=Spread(PRACTICES, "quality")),
        _percent("prevention", "Long-term conditions and vaccination", "% of eligible patients",
                 "conditions under control: long_term_conditions", "vaccinated: vaccination"),
        _one("integration", "Integration of care", "0 to 1", "integration", spread=Spread(PRACTICES, "integration")),
        Chart("hospital", "A&E attendances and emergency admissions", "a year and 1,000 patients",
              _lines("attendances: attendances_per_1000", "admissions: admissions_per_1000")),
    )),
    Group("money", "Money", (
        Chart("income", "Partner income", "£ thousand a full-time year", _lines("median: partner_income_p50"),
              "Mean of the twelve months before; the spread is that of partners.", scale=0.001,
              spread=Spread("partners", low="partner_income_p10", high="partner_income_p90"), from_zero=False),
        Chart("core-payments", "Core payments of commissioners", "£ a year and patient", _lines("core: paid_core"),
              scale=12, over="patients"),
        Chart("payments", "What commissioners pay for collaboration", "£ a year and patient",
              _lines("federation fund: paid_head_money", "clinical targets: paid_targets", "backfill: paid_backfill",
                     "development: paid_development"), scale=12, over="patients"),
    )),
    Group("inequality", "Inequality", (
        _one("slope-access", "Access and deprivation", "a quintile", "deprivation_slope_access",
             "Change of access from one fifth of practices by deprivation to the next more deprived; below 0, patients "
             "of deprived areas have less.", level=0.0, from_zero=False),
        _one("slope-membership", "Membership and deprivation", "a quintile", "deprivation_slope_membership",
             "Change of the share of practices in organisations, the same way.", level=0.0, from_zero=False),
    )),
)  # fmt: skip

CHARTS: dict[str, Chart] = {chart.name: chart for group in GROUPS for chart in group.charts}
