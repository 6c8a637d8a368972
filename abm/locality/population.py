"""The people of a place at the start: GPs, practices, commissioners and who trusts whom (model section 5).

Every draw is keyed by a stable name, so a GP has the same traits whatever other practices exist: `<practice>/<ordinal>`
for GPs in a post, `<commissioner>/L<ordinal>` for sessional GPs, the two practices for what holds between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.calendar import FIRST_MONTH
from abm.columns import CAPABILITIES, Role
from abm.errors import InputError
from abm.locality.geography import neighbours
from abm.locality.locality import Locality
from abm.locality.presets import age_mix, drawn_need
from abm.locality.staffing import Staffing, permanent_posts
from abm.locality.ties import advice_ties
from abm.scenario.parameters import ModelParameters
from abm.streams import Streams, name_key

START = FIRST_MONTH - 1  # the month that keys whatever exists before the first one
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Population:
    """Columns of every kind of agent, keyed by the names of `abm.columns`; ready for `Table.add(n, **columns)`.

    Attributes:
        gps: permanent GPs sorted by practice and ordinal, then sessional GPs by commissioner and ordinal.
        practices: in the order of the locality, which is that of the codes.
        commissioners: sorted by code.
        edges: directed trust, both ways for every pair of neighbours, sorted by source and target.
    """

    gps: Columns
    practices: Columns
    commissioners: Columns
    edges: Columns


def populate(locality: Locality, parameters: ModelParameters, streams: Streams) -> Population:
    """Draw the people of a place with the run's seed.

    Args:
        locality: the place.
        parameters: all groups; `population`, `capacity`, `attitudes`, `commissioning` are read.
        streams: the run's draws.

    Raises:
        InputError: a practice has no patients.
    """
    empty = np.flatnonzero(~(locality.practices["list_by_age"].sum(axis=1) > 0))
    if len(empty):
        code = locality.practices["code"][empty[0]]
        raise InputError(f"practice '{code}' of {locality.name} has no patients; allowed are lists above 0")
    practices = _practices(locality, parameters, streams)
    names = locality.commissioners
    commissioners: Columns = {"name": names, "key": _keys(names)}
    staffing = permanent_posts(
        practices["key"], practices["name"], locality.practices, practices["fte_target"], parameters, streams, START
    )
    practices["partner_posts"] = staffing.partners
    edges = _edges(practices, parameters, streams)
    gps = _gps(practices, commissioners, staffing, parameters, streams)
    gps["tie"], gps["tie_strength"] = advice_ties(
        np.arange(len(gps["key"])), gps["key"], gps["home"], edges, parameters, streams, START
    )
    commissioners["gps_at_start"] = np.bincount(gps["commissioner"], minlength=len(names)).astype(float)
    commissioners["pass_through"] = _pass_through(commissioners["key"], parameters, streams)
    return Population(gps, practices, commissioners, edges)


def site_keys(names: NDArray[np.str_]) -> NDArray[np.uint32]:
    """32-bit keys of practices for the appointment layer, unique: a name whose key is taken is hashed anew.

    Names are served in sorted order, so the same place gives the same keys.
    """
    taken: dict[int, str] = {}
    for name in sorted(names.tolist()):
        attempt = name
        while (key := name_key(attempt) & 0xFFFFFFFF) in taken:
            attempt += "'"
        taken[key] = name
    by_name = {name: key for key, name in taken.items()}
    return np.array([by_name[name] for name in names.tolist()], np.uint32)


def _keys(names: NDArray[np.str_]) -> NDArray[np.uint64]:
    return np.array([name_key(name) for name in names.tolist()], np.uint64)


def _bounded(
    streams: Streams, shape: tuple[float, float], process: str, keys: NDArray[np.uint64], low: float, high: float
) -> NDArray[np.float64]:
    """Normal draws with a mean and spread, held within bounds."""
    return np.clip(shape[0] + shape[1] * streams.normal(process, START, keys), low, high)


def _practices(locality: Locality, parameters: ModelParameters, streams: Streams) -> Columns:
    """Practices with the traits that are drawn, before their staff."""
    place, people = locality.practices, parameters.population
    keys = _keys(place["code"])
    size = place["list_by_age"].sum(axis=1)
    rates = np.array(parameters.demand.requests_by_age)
    requests = place["list_by_age"] @ rates
    need = np.where(np.isnan(place["need"]), drawn_need(streams, keys, place["deprivation"], parameters), place["need"])
    derived = requests * need / (age_mix(parameters) @ rates)
    weighted = np.where(np.isnan(place["weighted_list"]), derived, place["weighted_list"])
    ceiling = parameters.outcomes.clinical_ceiling
    long_term = _bounded(streams, people.long_term_conditions, "long-term conditions at start", keys, 0.0, ceiling)
    vaccination = _bounded(streams, people.vaccination, "vaccination at start", keys, 0.0, ceiling)
    nurses = _known(place["nurse_fte"], people.nurses_per_1000 / 1000 * size)
    others = _known(place["other_fte"], people.others_per_1000 / 1000 * size)
    training = np.where(size >= people.training_list, people.registrars_per_1000 / 1000 * size, 0.0)
    registrars = _known(place["registrar_fte"], training)
    shape = people.capability
    ordinals = np.arange(len(CAPABILITIES), dtype=np.uint64)
    return {
        "name": place["code"],
        "title": place["title"],
        "key": keys,
        "site_key": site_keys(place["code"]),
        "commissioner": np.searchsorted(locality.commissioners, place["commissioner"]),
        "local_authority": np.searchsorted(locality.local_authorities, place["local_authority"]),
        "x": place["x"],
        "y": place["y"],
        "deprivation": place["deprivation"],
        "need": need,
        "list_by_age": place["list_by_age"],
        "list_start": size,
        "weighting": weighted / requests,
        "fte_target": posts_sought(size, place["deprivation"], parameters),
        "registrar_fte": registrars,
        "nurse_fte": nurses,
        "other_fte": others,
        "registrar_per_patient": registrars / size,
        "nurse_per_patient": nurses / size,
        "other_per_patient": others / size,
        "premises": _bounded(streams, people.premises, "premises at start", keys, people.premises_least, np.inf),
        "capability": streams.beta(shape[0], shape[1], "capability at start", START, keys[:, None], ordinals),
        "quality": np.full(len(keys), people.quality),
        "continuity": np.full(len(keys), people.continuity),
        "long_term_conditions": long_term,
        "long_term_conditions_start": long_term.copy(),
        "vaccination": vaccination,
        "vaccination_start": vaccination.copy(),
    }


def posts_sought(
    size: NDArray[np.float64], deprivation: NDArray[np.float64], parameters: ModelParameters
) -> NDArray[np.float64]:
    """GP working time in FTE that practices seek: by list, and less where there is deprivation (inverse care)."""
    capacity = parameters.capacity
    deprived = deprivation - parameters.population.deprivation_reference
    return np.asarray(capacity.gps_per_1000 / 1000 * size * (1.0 - capacity.inverse_care * deprived))


def _known(value: NDArray[np.float64], otherwise: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isnan(value), otherwise, value)


def _gps(
    practices: Columns, commissioners: Columns, staffing: Staffing, parameters: ModelParameters, streams: Streams
) -> Columns:
    """All GPs with their traits, but for the advice ties."""
    people = parameters.population
    locum_commissioner, locum_names, locum_home = _sessional(practices, commissioners, staffing, parameters, streams)
    sessional = len(locum_names)
    names = np.concatenate((staffing.names, locum_names))
    keys = _keys(names)
    role = np.concatenate((staffing.roles, np.full(sessional, Role.SESSIONAL)))
    home = np.concatenate((staffing.practice, locum_home))
    commissioner = np.concatenate((practices["commissioner"][staffing.practice], locum_commissioner))
    partner = role == Role.PARTNER
    by_role = (people.partner_age, people.salaried_age, people.sessional_age)
    mean = np.array([shape[0] for shape in by_role])[role]
    spread = np.array([shape[1] for shape in by_role])[role]
    age = mean + spread * streams.normal("age at start", START, keys)
    autonomy = np.where(
        partner,
        streams.beta(*people.partner_autonomy, "autonomy at start", START, keys),
        streams.beta(*people.other_autonomy, "autonomy at start", START, keys),
    )
    tenure = people.tenure[0] + (people.tenure[1] - people.tenure[0]) * streams.uniform("tenure at start", START, keys)
    fte = np.concatenate((staffing.fte, np.full(sessional, people.sessional_fte)))
    return {
        "name": names,
        "key": keys,
        "role": role,
        "practice": np.where(role == Role.SESSIONAL, -1, home),
        "home": home,
        "commissioner": commissioner,
        "female": streams.uniform("sex", START, keys) < np.where(partner, people.female_partners, people.female_others),
        "age": np.clip(age, *people.age_range),
        "sessions": parameters.capacity.sessions_per_fte * fte,
        "joined": FIRST_MONTH - 1 - np.floor(tenure).astype(np.int64),
        "burnout": _bounded(streams, people.burnout, "burnout at start", keys, 0.0, 1.0),
        "strain": streams.normal("strain", START, keys),
        "autonomy": autonomy,
        "attitude": _bounded(streams, people.attitude, "attitude at start", keys, -1.0, 1.0),
        "skill": streams.beta(*people.skill, "skill at start", START, keys),
        "board_seat": _board(keys, partner, commissioner, parameters, streams),
    }


def _sessional(
    practices: Columns, commissioners: Columns, staffing: Staffing, parameters: ModelParameters, streams: Streams
) -> tuple[NDArray[np.int64], NDArray[np.str_], NDArray[np.int64]]:
    """Commissioner, name and home of each sessional GP: a fixed share of the headcount of each commissioner's area.

    A home is drawn with chances by list size. Each practice's lot is keyed by the GP and the practice, so that a home
    does not move when some other practice is left out of the place.
    """
    share = parameters.population.sessional_share
    permanent = np.bincount(practices["commissioner"][staffing.practice], minlength=len(commissioners["key"]))
    number = np.floor(permanent * share / (1.0 - share) + 0.5).astype(np.int64)
    commissioner = np.repeat(np.arange(len(number)), number)
    ordinal = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number) + 1
    names = np.array(
        [f"{commissioners['name'][c]}/L{i}" for c, i in zip(commissioner, ordinal, strict=True)], dtype="U40"
    )
    keys = _keys(names)
    home = np.empty(len(names), np.int64)
    for c in np.flatnonzero(number):
        rows, who = np.flatnonzero(practices["commissioner"] == c), np.flatnonzero(commissioner == c)
        lot = streams.uniform("sessional home", START, keys[who][:, None], practices["key"][rows])
        home[who] = rows[np.argmin(-np.log(lot) / practices["list_start"][rows], axis=1)]
    return commissioner, names, home


def _board(
    keys: NDArray[np.uint64],
    partner: NDArray[np.bool_],
    commissioner: NDArray[np.int64],
    parameters: ModelParameters,
    streams: Streams,
) -> NDArray[np.bool_]:
    """Who sits on the commissioner's board: partners by lot, fewer where there are too few."""
    rows = np.flatnonzero(partner)
    lot = streams.uniform("board seat at start", START, keys[rows])
    rows = rows[np.lexsort((keys[rows], lot, commissioner[rows]))]
    area = commissioner[rows]
    place_in_area = np.arange(len(rows)) - np.searchsorted(area, area)
    seat = np.zeros(len(keys), bool)
    seat[rows[place_in_area < parameters.commissioning.board_gps]] = True
    return seat


def _pass_through(keys: NDArray[np.uint64], parameters: ModelParameters, streams: Streams) -> NDArray[np.float64]:
    """Share of the money that each commissioner passes on: all of it, or a Beta share."""
    commissioning = parameters.commissioning
    shape = commissioning.pass_through_shape
    share = streams.beta(shape[0], shape[1], "share passed on", START, keys)
    return np.where(streams.uniform("passes on all", START, keys) < commissioning.pass_through_full, 1.0, share)


def _edges(practices: Columns, parameters: ModelParameters, streams: Streams) -> Columns:
    """Trust between neighbours, symmetric at the start: near ones, one commissioner, chance and bad history."""
    people = parameters.population
    first, second, apart = neighbours(practices["x"], practices["y"], people.neighbours, people.reach)
    key_a, key_b = practices["key"][first], practices["key"][second]
    low, high = np.minimum(key_a, key_b), np.maximum(key_a, key_b)
    trust = (
        people.trust_near * np.exp(-apart / people.trust_distance)
        + people.trust_commissioner * (practices["commissioner"][first] == practices["commissioner"][second])
        + people.trust_spread * streams.normal("trust at start", START, low, high)
        - people.bad_history_trust * (streams.uniform("bad history", START, low, high) < people.bad_history)
    )
    trust = np.clip(trust, -1.0, 1.0)
    source, target = np.concatenate((first, second)), np.concatenate((second, first))
    order = np.lexsort((target, source))
    return {
        "source": source[order],
        "target": target[order],
        "trust": np.concatenate((trust, trust))[order],
        "distance": np.concatenate((apart, apart))[order],
    }
