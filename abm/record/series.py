"""Every series that a run records, declared once: name, label, unit, and how it is read from the world.

Tables, charts and documentation take labels and units from here. `MODEL` has one value a month, `PRACTICES`,
`ORGANISATIONS`, `COMMISSIONERS` and `GPS` one for each row of their kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.appointments.interface import WAIT_BANDS
from abm.columns import (
    CAPABILITIES,
    COMMISSIONER_COLUMNS,
    GP_COLUMNS,
    ORGANISATION_COLUMNS,
    PRACTICE_COLUMNS,
    Form,
    Legal,
    Role,
    Status,
    Talks,
)
from abm.record.month import NAN, Month, mean, percentile, quintile_slope, share

Array = NDArray[np.float64]

# What the published surveys count as large, and the band that the founding documents call for; definitions of outputs.
LARGE_ORGANISATION, BAND, LARGE_LIST = 30_000, (25_000, 100_000), 20_000


@dataclass(frozen=True)
class Series:
    """One recorded series.

    Attributes:
        name: column of the table.
        label: what a chart or a report calls it.
        unit: unit of the values; "share" runs from 0 to 1.
        read: the value, or the array of values, from a `Month`.
        dtype: NumPy type that is kept ("names:practices" and the like: a row number that becomes a name).
    """

    name: str
    label: str
    unit: str
    read: Callable[[Month], Any]
    dtype: str = "f8"

    @cached_property
    def kept(self) -> np.dtype[Any]:
        """NumPy type in memory; names and words are kept as row numbers and codes."""
        numbers = {"names": "i4", "words": "i1"}
        return np.dtype(numbers.get(self.dtype.partition(":")[0], self.dtype))


def _by_list(column: str) -> Callable[[Month], float]:
    return lambda m: mean(getattr(m.practices, column), m.list)


def _in_organisations(column: str) -> Callable[[Month], float]:
    """Mean over living organisations, by population."""
    return lambda m: mean(getattr(m.organisations, column)[m.alive], m.population[m.alive])


def _total(name: str) -> Callable[[Month], float]:
    return lambda m: float(m.count(name).sum())


def _paid(name: str) -> Callable[[Month], float]:
    return lambda m: float(getattr(m.commissioners, name).sum())


def _kind(k: int) -> Callable[[Month], float]:
    return lambda m: float(m.columns("requests", k).sum())


def _wait(k: int) -> Callable[[Month], float]:
    return lambda m: float(m.waits[k])


def _contacts(k: slice) -> Callable[[Month], float]:
    return lambda m: share(m.columns("attended_surgery", k) + m.columns("attended_call", k), m.count("attended"))


def _per_1000_a_year(column: str) -> Callable[[Month], float]:
    return lambda m: 12_000 * share(getattr(m.practices, column), m.list)


def _role_share(role: Role) -> Callable[[Month], float]:
    return lambda m: share(m.fte_of_role(role), m.fte_of_gp)


def _income(percent: float) -> Callable[[Month], float]:
    return lambda m: percentile(m.partner_incomes, percent)


def _population(percent: float) -> Callable[[Month], float]:
    return lambda m: percentile(m.populations, percent)


def _capability(k: int) -> Callable[[Month], Array]:
    return lambda m: m.organisations.personal[m.alive, k] + m.organisations.institutional[m.alive, k]


MODEL: tuple[Series, ...] = (
    Series("practices", "Practices", "practices", lambda m: len(m.practices), "i8"),
    Series("patients", "Registered patients", "patients", lambda m: m.patients),
    Series("collaborating_share", "Practices in any organisation", "share", lambda m: m.member.mean()),
    Series("informal_share", "Practices in informal networks", "share", lambda m: m.of_form(Form.INFORMAL).mean()),
    Series("federation_share", "Practices in federations", "share", lambda m: m.of_form(Form.FEDERATION).mean()),
    Series("community_health_share", "Practices in community health organisations", "share",
           lambda m: m.of_form(Form.COMMUNITY_HEALTH_ORGANISATION).mean()),
    Series("super_partnership_share", "Practices that are super-partnerships", "share",
           lambda m: m.of_form(Form.SUPER_PARTNERSHIP).mean()),
    Series("operator_share", "Practices run by operators", "share",
           lambda m: m.of_form(Form.MULTI_PRACTICE_OPERATOR).mean()),
    Series("trust_led_share", "Practices run by NHS trusts", "share", lambda m: m.of_form(Form.TRUST_LED).mean()),
    Series("patients_in_organisations_share", "Patients of practices in organisations", "share",
           lambda m: share(m.list[m.member], m.list)),
    Series("share_in_organisations_over_30000", "Practices in organisations of over 30,000", "share",
           lambda m: (m.member & (m.population[m.practices.organisation] > LARGE_ORGANISATION)).mean()
           if len(m.organisations) else 0.0),
    Series("share_population_25_100k", "Patients in organisations of 25,000 to 100,000", "share",
           lambda m: share(m.population[(m.population >= BAND[0]) & (m.population <= BAND[1])], m.list)),
    Series("lists_over_20000_share", "Practices of over 20,000 patients", "share",
           lambda m: (m.list > LARGE_LIST).mean()),
    Series("sites_per_practice", "Sites of a practice, mean", "sites", lambda m: m.sites.mean()),
    Series("organisations", "Organisations", "organisations", lambda m: len(m.alive), "i8"),
    Series("federations", "Federations", "organisations",
           lambda m: (m.organisations.form[m.alive] == Form.FEDERATION).sum(), "i8"),
    Series("super_partnerships", "Super-partnerships", "organisations",
           lambda m: (m.organisations.form[m.alive] == Form.SUPER_PARTNERSHIP).sum(), "i8"),
    Series("organisation_population_mean", "Mean population of an organisation", "patients",
           lambda m: share(m.population[m.alive], np.ones(len(m.alive)))),
    Series("organisation_population_p10", "Population of an organisation, 10th percentile", "patients",
           _population(10)),
    Series("organisation_population_median", "Median population of an organisation", "patients", _population(50)),
    Series("organisation_population_p90", "Population of an organisation, 90th percentile", "patients",
           _population(90)),
    Series("concentration", "Herfindahl index of patients by provider, mean of commissioners",
           "index 0 to 1", lambda m: m.concentration),
    Series("trust_density", "Pairs of practices that trust each other (above 0.2), of all pairs", "share",
           lambda m: NAN if m.ties is None else m.ties.density),
    Series("trust_components", "Parts of the trust network without a tie between them", "parts",
           lambda m: NAN if m.ties is None else len(m.ties.parts())),
    Series("trust_modularity", "Modularity of the trust network (Louvain), once a year", "index -0.5 to 1",
           lambda m: m.modularity),
    Series("trust_assortativity", "Correlation of deprivation between practices that trust each other", "-1 to 1",
           lambda m: NAN if m.ties is None else m.ties.assortativity(m.practices.deprivation)),
    Series("compactness", "Distance of fellow members over that of any two practices", "ratio",
           lambda m: m.compactness),
    Series("joins", "Practices that joined an organisation", "practices/month", lambda m: m.joins, "i8"),
    Series("departures", "Practices that left an organisation", "practices/month", lambda m: m.departures, "i8"),
    Series("unions", "Organisations that became part of another", "organisations/month",
           lambda m: m.world.events.count(m.world.month, "united"), "i8"),
    Series("escalations", "Networks that became federations", "organisations/month",
           lambda m: m.world.events.count(m.world.month, "became federation"), "i8"),
    Series("takeovers", "Practices taken over by operators or trusts", "practices/month",
           lambda m: m.world.events.count(m.world.month, "taken over"), "i8"),
    Series("mergers_begun", "Mergers of practices that were begun", "mergers/month",
           lambda m: ((m.world.mergers.began == m.world.month) & (m.world.mergers.due > m.world.month)).sum(), "i8"),
    Series("mergers_failed", "Mergers of practices that failed once begun", "mergers/month",
           lambda m: ((m.world.mergers.stage == Talks.FAILED) & (m.world.mergers.ended == m.world.month)
                      & (m.world.mergers.began < m.world.month)).sum(), "i8"),
    Series("mergers", "Mergers of practices", "mergers/month", lambda m: m.talks(Talks.MERGED), "i8"),
    Series("practices_merged", "Practices that became part of another", "practices/month",
           lambda m: m.world.events.count(m.world.month, "merged"), "i8"),
    Series("closures", "Practices closed", "practices/month",
           lambda m: m.world.events.count(m.world.month, "closed"), "i8"),
    Series("withdrawals", "Practices that withdrew from an organisation", "practices/month",
           lambda m: (m.practices.withdrew == m.world.month).sum(), "i8"),
    Series("organisations_formed", "Organisations formed", "organisations/month", lambda m: m.formed, "i8"),
    Series("organisations_ended", "Organisations ended", "organisations/month", lambda m: m.ended, "i8"),
    Series("organisations_collapsed", "Organisations that ended because they failed", "organisations/month",
           lambda m: (m.organisations.collapsed & (m.organisations.ended == m.world.month)).sum(), "i8"),
    Series("capability", "Capability of organisations", "0 to 1",
           lambda m: mean(m.capability[m.alive], m.population[m.alive])),
    Series("personal_capability_share", "Share of capability that rests with leaders", "share",
           lambda m: share(m.personal[m.alive] * m.population[m.alive], m.capability[m.alive] * m.population[m.alive])),
    Series("engagement", "Engagement of members", "0 to 1",
           lambda m: mean(m.practices.engagement[m.member], m.list[m.member])),
    Series("effort", "Effort of members", "0 to 1", lambda m: mean(m.practices.effort[m.member], m.list[m.member])),
    Series("leadership", "Effective leadership", "0 to 1", _in_organisations("leadership")),
    Series("leader_load", "Leadership needed over leadership supplied", "ratio",
           lambda m: share(m.organisations.lead_required[m.alive], m.organisations.lead_supply[m.alive])),
    Series("leaders", "GPs who lead an organisation", "GPs", lambda m: ((m.gps.leads >= 0) & m.gps.alive).sum(), "i8"),
    Series("attitude", "Attitude of partners to collaboration", "-1 to 1",
           lambda m: share(m.gps.attitude[m.gps.alive & (m.gps.role == Role.PARTNER)], m.heads_of_role(Role.PARTNER))),
    Series("gps", "GPs", "GPs", lambda m: m.gps.alive.sum(), "i8"),
    Series("fte", "GP full-time equivalents", "FTE", lambda m: m.fte_of_gp.sum()),
    Series("fte_partner", "Partner FTE", "FTE", lambda m: m.fte_of_role(Role.PARTNER)),
    Series("fte_salaried", "Salaried FTE", "FTE", lambda m: m.fte_of_role(Role.SALARIED)),
    Series("fte_sessional", "Sessional FTE", "FTE", lambda m: m.fte_of_role(Role.SESSIONAL)),
    Series("partner_share", "Partners' share of FTE", "share", _role_share(Role.PARTNER)),
    Series("salaried_share", "Salaried GPs' share of FTE", "share", _role_share(Role.SALARIED)),
    Series("sessional_share", "Sessional GPs' share of FTE", "share", _role_share(Role.SESSIONAL)),
    Series("vacancy_share", "Vacant FTE over FTE sought", "share", lambda m: share(m.vacancy, m.practices.fte_target)),
    Series("exits", "GPs who left practice", "GPs/month", lambda m: m.exits, "i8"),
    Series("entrants", "GPs who arrived", "GPs/month", lambda m: m.entrants, "i8"),
    Series("role_changes", "GPs who changed role", "GPs/month", lambda m: m.role_changes, "i8"),
    Series("turnover_mean", "Turnover of GPs, mean of practices", "per year", lambda m: m.practices.turnover.mean()),
    Series("turnover_p75", "Turnover of GPs, 75th percentile of practices", "per year",
           lambda m: percentile(np.sort(m.practices.turnover), 75)),
    Series("burnout", "Burnout of GPs", "0 to 1", lambda m: share(m.gps.burnout[m.gps.alive], m.gps.alive)),
    Series("high_burnout_share", "GPs with high burnout", "share",
           lambda m: share(m.gps.burnout[m.gps.alive] >= m.world.parameters.wellbeing.high_burnout, m.gps.alive)),
    Series("intention_to_leave", "Chance of wanting to leave within five years", "share",
           lambda m: share(m.gps.intention[m.gps.alive], m.gps.alive)),
    Series("partner_income_p10", "Partner income (mean of twelve months), 10th percentile", "£/FTE/year", _income(10)),
    Series("partner_income_p50", "Partner income (mean of twelve months), median", "£/FTE/year", _income(50)),
    Series("partner_income_p90", "Partner income (mean of twelve months), 90th percentile", "£/FTE/year", _income(90)),
    Series("load", "Load of GPs", "ratio", _by_list("load")),
    Series("access", "Access", "0 to 1", _by_list("access")),
    Series("continuity", "Continuity of care", "0 to 1", _by_list("continuity")),
    Series("quality", "Quality", "0 to 1", _by_list("quality")),
    Series("long_term_conditions", "Long-term conditions under control", "share", _by_list("long_term_conditions")),
    Series("vaccination", "Vaccination", "share", _by_list("vaccination")),
    Series("integration", "Integration of care", "0 to 1", _by_list("integration")),
    Series("urgent_requests", "Urgent requests", "requests/month", _kind(0)),
    Series("routine_requests", "Routine requests", "requests/month", _kind(1)),
    Series("planned_requests", "Planned requests", "requests/month", _kind(2)),
    Series("attended", "Attended contacts", "contacts/month", _total("attended")),
    Series("gp_contact_share", "Contacts with the practice's GPs, locums or registrars",
           "share", _contacts(slice(0, 3))),
    Series("usual_gp_share", "Contacts with the usual GP, of GP and hub contacts", "share",
           lambda m: share(m.count("usual_gp_contacts"), m.count("gp_contacts") + m.count("hub_contacts"))),
    *(Series(f"wait_{band.replace('-', '_').replace('>', 'over_')}_days_share", f"Waits of {band} days", "share",
             _wait(k))
      for k, band in enumerate(WAIT_BANDS)),
    Series("same_day_share", "Urgent requests given a slot the same day", "share",
           lambda m: share(m.count("urgent_same_day"), m.count("urgent_requests"))),
    Series("within_5_days_share", "Routine requests given a slot within five open days of the day wanted", "share",
           lambda m: share(m.count("routine_within_5"), m.count("routine_requests"))),
    Series("unmet_urgent", "Urgent requests never met", "requests/month", _total("unmet_urgent")),
    Series("abandoned", "Requests given up", "requests/month", _total("abandoned")),
    Series("redirected", "Requests redirected to pharmacies", "requests/month", _total("redirected")),
    Series("hub_contacts", "Contacts at hubs", "contacts/month", _total("hub_contacts")),
    Series("no_show_share", "Appointments not kept", "share",
           lambda m: share(m.count("no_shows"), m.count("no_shows") + m.count("attended"))),
    Series("attendances_per_1000", "A&E attendances", "per 1,000 a year", _per_1000_a_year("attendances")),
    Series("admissions_per_1000", "Emergency admissions", "per 1,000 a year", _per_1000_a_year("admissions")),
    Series("paid_core", "Commissioners' core payments", "£/month", _paid("paid_core")),
    Series("paid_head_money", "Commissioners' federation fund", "£/month", _paid("paid_head_money")),
    Series("paid_targets", "Commissioners' money for clinical targets", "£/month", _paid("paid_targets")),
    Series("paid_backfill", "Commissioners' backfill", "£/month", _paid("paid_backfill")),
    Series("paid_development", "Commissioners' development money", "£/month", _paid("paid_development")),
    Series("deprivation_slope_access", "Access, from one deprivation quintile to the next", "per quintile",
           lambda m: quintile_slope(m.practices.access, m.practices.deprivation, m.list)),
    Series("deprivation_slope_membership", "Membership, from one deprivation quintile to the next", "per quintile",
           lambda m: quintile_slope(m.member.astype(float), m.practices.deprivation, np.ones(len(m.list)))),
)  # fmt: skip


def _practice(column: str, label: str, dtype: str = "f4") -> Series:
    return Series(column, label, PRACTICE_COLUMNS[column].unit or "1", lambda m: getattr(m.practices, column), dtype)


def _count(name: str, label: str, unit: str = "requests/month") -> Series:
    return Series(name, label, unit, lambda m: m.count(name), "f4")


PRACTICES: tuple[Series, ...] = (
    Series("practice", "Practice", "name", lambda m: m.rows, "names:practices"),
    Series("organisation", "Organisation", "name", lambda m: m.practices.organisation, "names:organisations"),
    Series("form", "Form of the organisation", "word",
           lambda m: np.append(m.organisations.form, -1)[m.practices.organisation], "words:form"),
    Series("commissioner", "Commissioner", "name", lambda m: m.practices.commissioner, "names:commissioners"),
    Series("status", "Status", "word", lambda m: m.practices.status, "words:status"),
    _practice("x", "Place, eastwards"), _practice("y", "Place, northwards"), _practice("deprivation", "Deprivation"),
    Series("list", "Registered patients", "patients", lambda m: m.list),
    Series("sites", "Sites", "sites", lambda m: m.sites, "i2"),
    Series("partners", "Partners", "GPs", lambda m: m.practice_heads(Role.PARTNER), "i2"),
    Series("salaried", "Salaried GPs", "GPs", lambda m: m.practice_heads(Role.SALARIED), "i2"),
    Series("fte", "GP full-time equivalents", "FTE", lambda m: m.practice_fte, "f4"),
    _practice("fte_target", "FTE sought"),
    _practice("cover_sessions", "Locum sessions"),
    Series("burnout", "Mean burnout of GPs", "0 to 1", lambda m: m.practice_burnout, "f4"),
    Series("attitude", "Mean attitude of partners", "-1 to 1", lambda m: m.practice_attitude, "f4"),
    *(_practice(column, label) for column, label in (
        ("load", "Load"), ("workload", "Workload of partners"), ("access", "Access"), ("continuity", "Continuity"),
        ("quality", "Quality"), ("long_term_conditions", "Long-term conditions under control"),
        ("vaccination", "Vaccination"), ("integration", "Integration of care"), ("effort", "Effort"),
        ("engagement", "Engagement"), ("turnover", "Turnover of GPs"), ("attendances", "A&E attendances"),
        ("admissions", "Emergency admissions"), ("income", "Income after the fee"), ("expenses", "Expenses"),
        ("fee", "Fee to the organisation"), ("head_money", "Federation fund"),
        ("target_money", "Money for clinical targets"),
        ("partner_income", "Partner income (mean of twelve months, with its floor)"),
    )),
    Series("requests", "Requests", "requests/month", lambda m: m.columns("requests", slice(None)), "f4"),
    _count("gp_bound", "Requests that need a GP"), _count("urgent_requests", "Urgent requests"),
    _count("urgent_same_day", "Urgent requests given a slot the same day"),
    _count("routine_requests", "Routine requests"),
    _count("routine_within_5", "Routine requests given a slot within five open days of the day wanted"),
    _count("attended", "Attended contacts", "contacts/month"),
    _count("hub_contacts", "Contacts at the hub", "contacts/month"),
    _count("no_shows", "Appointments not kept", "appointments/month"),
    _count("unmet_urgent", "Urgent requests never met"), _count("abandoned", "Requests given up"),
)  # fmt: skip


def _organisation(column: str, label: str, dtype: str = "f4") -> Series:
    unit = ORGANISATION_COLUMNS[column].unit or "1"
    return Series(column, label, unit, lambda m: getattr(m.organisations, column)[m.alive], dtype)


ORGANISATIONS: tuple[Series, ...] = (
    Series("organisation", "Organisation", "name", lambda m: m.alive, "names:organisations"),
    _organisation("form", "Form", "words:form"), _organisation("legal", "Legal form", "words:legal"),
    _organisation("lay_share", "Lay members of the board"),
    _organisation("founder", "Founder", "names:practices"),
    _organisation("commissioner", "Commissioner", "names:commissioners"),
    _organisation("founded", "Month founded", "i4"),
    Series("members", "Members", "practices",
           lambda m: np.bincount(m.practices.organisation[m.member], minlength=len(m.organisations))[m.alive], "i4"),
    Series("sites", "Sites of its members", "sites", lambda m: m.organisations.members[m.alive], "i4"),
    Series("population", "Population", "patients", lambda m: m.population[m.alive]),
    Series("leaders", "Leaders", "GPs",
           lambda m: np.bincount(m.gps.leads[m.gps.leads >= 0], minlength=len(m.organisations))[m.alive], "i4"),
    *(_organisation(column, label) for column, label in (
        ("leader_mode", "From one leader to many"), ("lead_required", "Leadership needed"),
        ("lead_supply", "Leadership supplied"), ("leadership", "Effective leadership"),
        ("coordination", "Coordination"),
    )),
    Series("capability", "Mean capability", "0 to 1", lambda m: m.capability[m.alive], "f4"),
    Series("personal_capability", "Mean capability that rests with leaders", "0 to 1",
           lambda m: m.personal[m.alive], "f4"),
    *(Series(f"capability_{name}", f"Capability: {name.replace('_', ' ')}", "0 to 1", _capability(k), "f4")
      for k, name in enumerate(CAPABILITIES)),
    *(_organisation(column, label) for column, label in (
        ("engagement", "Engagement"), ("control", "Control"), ("support", "Support"), ("goals", "Goals"),
        ("relation_commissioner", "Relation with the commissioner"), ("relation_hospital", "Relation with hospitals"),
        ("reserve", "Reserve"), ("overhead", "Overhead"), ("hub_slots", "Hub slots"),
    )),
)  # fmt: skip


def _commissioner(column: str, label: str) -> Series:
    unit = COMMISSIONER_COLUMNS[column].unit or "1"
    return Series(column, label, unit, lambda m: getattr(m.commissioners, column))


def _of_commissioner(values: Callable[[Month], Any]) -> Callable[[Month], Any]:
    """Sum of a practice's value over the practices of each commissioner."""
    return lambda m: np.bincount(m.practices.commissioner, values(m), len(m.commissioners))


COMMISSIONERS: tuple[Series, ...] = (
    Series("commissioner", "Commissioner", "name", lambda m: np.arange(len(m.commissioners)), "names:commissioners"),
    Series("practices", "Practices", "practices", _of_commissioner(lambda m: np.ones(len(m.practices))), "i4"),
    Series("patients", "Registered patients", "patients", _of_commissioner(lambda m: m.list)),
    Series("federated", "Practices in formal organisations", "practices",
           _of_commissioner(lambda m: m.member & ~m.of_form(Form.INFORMAL)), "i4"),
    *(_commissioner(column, label) for column, label in (
        ("support", "Support of collaboration"), ("paid_core", "Core payments"),
        ("paid_head_money", "Federation fund"), ("paid_targets", "Money for clinical targets"),
        ("paid_backfill", "Backfill"), ("paid_development", "Development money"),
    )),
)  # fmt: skip


def _gp(column: str, label: str, dtype: str = "f4") -> Series:
    return Series(column, label, GP_COLUMNS[column].unit or "1", lambda m: getattr(m.gps, column)[m.gps.alive], dtype)


GPS: tuple[Series, ...] = (
    Series("gp", "GP", "name", lambda m: np.flatnonzero(m.gps.alive), "names:gps"),
    _gp("practice", "Practice", "names:practices"), _gp("role", "Role", "words:role"), _gp("age", "Age"),
    _gp("female", "Woman", "?"), _gp("sessions", "Contracted sessions"), _gp("clinical_sessions", "Clinical sessions"),
    _gp("lead_sessions", "Leadership sessions"), _gp("meeting_sessions", "Meeting sessions"),
    _gp("hub_sessions", "Hub sessions"), _gp("leads", "Leads", "names:organisations"),
    _gp("joined", "In post since", "i2"),
    _gp("entrant", "Arrived during the run", "?"), _gp("burnout", "Burnout"), _gp("autonomy", "Need of autonomy"),
    _gp("attitude", "Attitude to collaboration"), _gp("skill", "Leadership skill"),
    _gp("income", "Income (partners: mean of twelve months)"),
    _gp("intention", "Chance of wanting to leave within five years"),
)  # fmt: skip

TABLES: dict[str, tuple[Series, ...]] = {
    "model": MODEL,
    "practices": PRACTICES,
    "organisations": ORGANISATIONS,
    "commissioners": COMMISSIONERS,
    "gps": GPS,
}


def series(table: str, name: str) -> Series:
    """The declaration of one series."""
    return next(item for item in TABLES[table] if item.name == name)


WORDS: dict[str, dict[int, str]] = {
    kind: {-1: ""} | {int(item): getattr(item, "words", item.name.lower().replace("_", " ")) for item in words}
    for kind, words in {"form": Form, "legal": Legal, "role": Role, "status": Status}.items()
}
"""Words for the numbers of a column of dtype "words:<kind>"; -1 is none."""
