"""Histories say what the tables say: votes, quorum, money, members; and whoever is meant is found."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from abm import Run, Scenario, run
from abm.columns import Form
from abm.errors import InputError
from abm.record.ballots import Ballot
from abm.record.explanations import decision_sentence, whom
from abm.record.explanations.commissioners import MONEY, pounds
from abm.record.explanations.memory import Memory
from abm.record.explanations.names import Names
from abm.record.results import TABLES


@pytest.fixture(scope="module")
def played(small_scenario: Callable[..., Scenario]) -> Run:
    """Two years of a place with money on offer from month 7, and a shock."""
    scenario = small_scenario(practices=14, horizon=24)
    return run(scenario.with_change(7, fund_per_head=3.0).with_shock("reorganisation", month=20), 2)


def test_a_vote_is_told_as_it_was_cast_and_needed(played: Run) -> None:
    motions = played.events[played.events["kind"].str.startswith("motion")]
    motions = motions[~motions["detail"].str.startswith("to takeover")]  # which leaves nobody partner
    motions = motions[~motions["detail"].str.startswith("to confirm")]  # where each stands by an earlier vote or not
    assert len(motions) > 3
    for event in motions.to_dict("records"):
        month, ballot = event["month"], Ballot.read(event["detail"])
        assert ballot is not None
        text = played.explain(event["who"], month)
        posts = played.memberships.query("relation == 'post' and what == 'partner' and `where` == @event['who']")
        partners = set(posts[(posts["since"] <= month) & (month < posts["until"])]["who"])
        votes = played.decisions.query("kind == 'vote' and month == @month and about == @event['about']")
        votes = votes[votes["who"].isin(partners)]
        assert (len(votes), int((votes["choice"] == "yes").sum())) == (ballot.cast, ballot.yes)
        form = next(form for form in Form if form.words == ballot.form)
        quorum = played.scenario.parameters.voting.quorum[form]
        assert ballot.percent == round(100 * quorum) and (event["kind"] == "motion passed") == ballot.passed
        if ballot.cast > 1:
            assert f"needed {ballot.percent}%, got {ballot.yes} of {ballot.cast}." in text or (
                f"needed {ballot.percent}%, got {ballot.yes} of {ballot.cast}, for which" in text
            )
            for vote in votes.to_dict("records"):
                assert f"{vote['who']} voted {'for' if vote['choice'] == 'yes' else 'against'}" in text
        else:
            assert f"its only partner said {'yes' if ballot.yes else 'no'}" in text


def test_the_commissioners_money_is_that_of_the_tables(played: Run) -> None:
    name = played.practices["commissioner"].iloc[0]
    text, table = played.explain(name), played.commissioners.query("month >= 1 and commissioner == @name")
    model = played.model.query("month >= 1")
    practices = played.practices.query("month >= 1 and commissioner == @name")
    assert table["paid_head_money"].sum() == pytest.approx(practices["head_money"].sum(), rel=1e-5)
    for column in MONEY:
        assert played.commissioners.query("month >= 1")[column].sum() == pytest.approx(model[column].sum(), rel=1e-9)
    for year in (0, 1):
        part = table[(table["month"] - 1) // 12 == year]
        (line,) = [line for line in text.splitlines() if line.startswith(f"  Year {year + 1} ")]
        paid = part["paid_core"].sum()
        assert f"core income {pounds(paid)} (£{paid / part['patients'].mean():,.2f} a head)" in line
        fund = part["paid_head_money"].sum()
        assert (f"federation fund {pounds(fund)}" in line) == (fund > 0)
    federated = table.iloc[-1]
    assert f"{federated['federated']} of {federated['practices']} in {played.dated(24)}" in text


def test_a_commissioner_is_told_with_its_policy_its_changes_and_shocks(played: Run) -> None:
    text = played.explain(played.practices["commissioner"].iloc[0])
    assert "Policy: £3.00 a head and year for members of federations." in text
    assert "was struck by a reorganisation" in text
    assert text.index(played.dated(7)) < text.index("Policy: £3.00")
    before = played.explain(played.practices["commissioner"].iloc[0], 3)
    assert "It offers nothing beyond core income." in before and "£3.00" not in before


def test_money_that_ended_is_told_as_ended(small_scenario: Callable[..., Scenario]) -> None:
    scenario = small_scenario(practices=12, horizon=8, levers={"fund_per_head": 3.0})
    ended = run(scenario.with_shock("funding_cut", month=6), 1)
    text = ended.explain(ended.practices["commissioner"].iloc[0])
    assert f"in {ended.dated(5)} went to" in text and "Nothing has been paid since." in text


def test_under_a_deadline_the_usual_words_on_exploring_are_left_out(small_scenario: Callable[..., Scenario]) -> None:
    offered = run(small_scenario(practices=12, horizon=2, levers={"rollout": "deadline", "fund_per_head": 3.0}), 1)
    asked = offered.decisions.query("kind == 'explore' and month == 1").iloc[0]
    text = offered.explain(asked["who"], 1)
    assert "6 months were left to the deadline; the odds of it were 17 in 100 that month" in text
    assert "at most 12 in 100" not in text


def test_money_is_told_with_the_month_since_which_it_was_offered(played: Run) -> None:
    votes = played.decisions.query("kind == 'vote' and month >= 7 and term_money > 0.2")
    assert len(votes)
    vote = votes.iloc[0]
    told = played.explain(vote["who"], vote["month"])
    assert f"the money offered since {played.dated(7)}" in told


def test_every_practice_organisation_commissioner_and_some_gps_are_told_in_whole_sentences(played: Run) -> None:
    names = [*played.practices["practice"].unique(), *played.organisations["organisation"].unique()]
    names += [*played.practices["commissioner"].unique(), *played.gps["gp"].unique()[::9]]
    for name in names:
        for text in (played.explain(name), played.explain(name, 1), played.explain(name, -3)):
            assert name in text.splitlines()[0]
            assert "decided '" not in text and "nan" not in text and "{" not in text and "-0" not in text
            for line in text.splitlines()[1:]:
                assert line.endswith((".", ":")) or re.search(r"\(month -?\d+\)$", line), line


def test_hazards_are_their_rate_times_their_factors(played: Run) -> None:
    """What is told as factors makes the logged hazard, and the hazard the logged chance."""
    p = played.scenario.parameters.workforce
    base = {
        "leave_partnership": p.partner_leaves_role, "leave_salaried_post": p.salaried_to_sessional,
        "take_partnership": p.salaried_to_partner, "cut_sessions": p.fewer_sessions,
    }  # fmt: skip
    decisions = played.decisions
    factors = [name for name in decisions if name.endswith("_factor")]
    for kind, rate in base.items():
        rows = decisions[decisions["kind"] == kind]
        assert len(rows)
        product = rate * rows[factors].fillna(1.0).astype(float).prod(axis=1)
        assert np.allclose(product, rows["term_hazard"], rtol=1e-5)
        assert np.allclose(-np.expm1(-rows["term_hazard"].astype(float) / 12), rows["probability"], rtol=1e-5)
    exits = decisions[decisions["kind"] == "exit"]
    of_age = np.asarray(p.exit_by_age)[np.searchsorted(p.age_bounds, exits["term_age"], side="right")]
    product = of_age * exits[factors].fillna(1.0).astype(float).prod(axis=1)
    assert np.isclose(product, exits["term_hazard"], rtol=1e-4).mean() > 0.999  # but for ages rounded over a bound


def test_votes_follow_from_the_balance_that_is_told(played: Run) -> None:
    votes = played.decisions.query("kind == 'vote'").dropna(axis=1, how="all")
    balance = votes[[name for name in votes if name.startswith("term_")]].astype(float).sum(axis=1)
    sharpness = played.scenario.parameters.voting.sharpness
    assert np.allclose(1 / (1 + np.exp(-sharpness * balance)), votes["probability"], atol=1e-5)


def test_a_practice_is_explained_with_the_votes_of_its_gps(small_run: Run) -> None:
    text = small_run.explain("P01", 9)
    votes = small_run.decisions.query("month == 9 and who in ['P01-0', 'P01-1', 'P01-2']")
    assert len(re.findall("voted", text)) == len(votes) == 3
    for row in votes.to_dict("records"):
        word = "for" if row["choice"] == "yes" else "against"
        assert f"{row['who']} voted {word} working with" in text
    assert "P00@3: from June 2014 (founded together) to December 2014 (withdrew)." in text
    assert "withdrew – " in text
    assert "P02-0" not in text
    assert small_run.explain("surgery 1", 9) == text


def test_a_practice_without_gps_has_no_burnout(small_run: Run) -> None:
    tables = {name: lambda name=name: small_run.table(name) for name in TABLES}
    practices = small_run.practices
    practices.loc[practices["practice"] == "P01", ["partners", "salaried", "burnout"]] = [0, 0, np.nan]
    text = Run({**tables, "practices": lambda: practices}, small_run.manifest).explain("P01")
    assert "no GP" in text and "burnout nan" not in text and ", burnout" not in text.splitlines()[1]


def test_votes_of_former_colleagues_are_not_the_practices_own(small_world: Callable[..., Any]) -> None:
    world = small_world(horizon=3)
    while world.month < 1:
        world.step()
    world.ledger.close("post", 3, 1, "moves")
    world.ledger.open("post", 3, 2, "salaried", 1, "moves")
    played = world.play()
    assert "P01-0 voted" in played.explain("P01", 1)  # the month of the move
    assert "P01-0 voted" not in played.explain("P01", 3)
    assert "P01-0 voted" in played.explain("P02", 3)


def test_an_organisation_is_told_with_what_rests_on_its_leaders(small_run: Run) -> None:
    text = small_run.explain("P00@3")
    row = small_run.at("organisations", 24).set_index("organisation").loc["P00@3"]
    assert "2 practices with 12,000 patients" in text
    own = row["capability"] - row["personal_capability"]
    assert f"{own:.2f} rests with the organisation, {row['personal_capability']:.2f} with its leaders" in text
    assert "Led by P00-0 since June 2014 (most skilled)." in text
    assert "does not exist" in small_run.explain("P00@3", 1)


def test_a_gp_is_told_with_posts_and_votes(small_run: Run) -> None:
    text = small_run.explain("P00-0", 3)
    assert "Partner at Surgery 0: since April 2013 (hired)." in text
    assert len(re.findall("[Vv]oted", text.split("How to read")[0])) == 1
    assert "of 100 partners 82 vote yes at a balance of +0.50" in text


def test_a_whole_history_leaves_out_what_changed_nothing_but_counts_it(small_world: Callable[..., Any]) -> None:
    world = small_world(horizon=4)
    for month in (1, 2, 3):
        choice = [0] if month < 3 else [1]
        world.seam.log.add(
            month, "explore", np.array(["P07"]), "", ("wait", "explore"), choice, [0.1], [0.5 if month < 3 else 0.05],
            {"pressure": [0.3], "headroom": [0.6]},
        )  # fmt: skip
    played = world.play()
    history = played.explain("P07")
    assert (
        "Did not look for partners in 2 months (the odds: 10 in 100 a month), although on average pressure (+0.30)"
        in history
    )
    assert history.count("Looked for partners: pressure (+0.30) spoke for it, nothing against;") == 1
    assert "the odds of it were 10 in 100 that month, and this time it happened" in history
    assert "at most 12 in 100 practices look in a month" in played.explain("P07", 1)


def test_failed_talks_and_ends_are_remembered_with_their_year(small_world: Callable[..., Any]) -> None:
    world = small_world(horizon=20)
    world.events.add(10, "talks failed", "P07", "P08", detail="informal")
    world.events.add(11, "left", "P09", "P04@6", detail="the organisation ended")
    memory = Memory(world.play())
    for mine, theirs in (("P07", "P08"), ("P08", "P07")):
        notes = memory.notes(15, mine, theirs, {"trust": -0.1, "distance": -0.4})
        assert notes == {"trust": "distrust deepened by the failed talks in 2015"}
    assert "in spite of" in memory.notes(15, "P07", "P08", {"trust": 0.2})["trust"]
    assert memory.notes(10, "P07", "P08", {"trust": 0.2}) == {}  # the month itself is no memory
    assert memory.notes(15, "P07", "P06", {"trust": 0.2}) == {}
    assert memory.notes(15, "P09", "P06", {"history": -0.2}) == {"history": "the memory of the end of P04@6 in 2015"}
    left_behind = memory.notes(12, "P00", "P01", {"trust": -0.2})
    assert left_behind == {}  # nothing is logged of why P01 went


def test_a_title_is_given_with_its_code_once(small_run: Run) -> None:
    names = Names.of(small_run)
    assert (names("P01"), names("P01"), names("P00@3"), names("P01-0")) == (
        "Surgery 1 (P01)", "Surgery 1", "P00@3", "P01-0",
    )  # fmt: skip
    shared = Names({"A": "The Surgery", "B": "The Surgery"}, {"A@1": "informal", "B@2": "federation"})
    assert shared("A") == shared("A") == "The Surgery (A)"
    assert (shared("A@1"), shared("B@2")) == ("the network A@1", "the federation B@2")
    row = {
        "month": 1,
        "kind": "search",
        "who": "P01",
        "about": "P02",
        "choice": "chosen",
        "probability": 1.0,
        "draw": 0.0,
    }
    assert decision_sentence(row | {"term_trust": 0.2}, named=Names.of(small_run)) == (
        "Surgery 1 (P01) turned to Surgery 2 (P02): drawn by trust (+0.20), with nothing against it."
    )


def test_people_are_found_by_what_is_typed(small_run: Run) -> None:
    for typed in ("Surgery 7", "surgery 7", "p07", " P07 "):
        assert small_run.explain(typed).startswith("Surgery 7 (P07), practice")
    assert small_run.explain("gery 7").startswith("Surgery 7 (P07)")
    with pytest.raises(InputError, match=r"'surg' fits 10 practices .*Surgery 0 \(P00\).* and 2 more"):
        small_run.explain("surg")


@pytest.mark.parametrize(
    ("typed", "meant"), [("P0l", "P0"), ("P00@4", "P00@3"), ("Surgory 3", "Surgery 3"), ("P01-7/", "P0")]
)
def test_unknown_names_are_refused_with_the_nearest_of_their_kind(small_run: Run, typed: str, meant: str) -> None:
    expected = (
        rf"knows nobody called '{re.escape(typed)}'; allowed are names of its 10 practices, .*did you mean '{meant}"
    )
    with pytest.raises(InputError, match=expected):
        small_run.explain(typed)


def test_months_outside_the_run_are_refused_and_those_of_the_warm_up_told(small_run: Run) -> None:
    with pytest.raises(InputError, match="no month 99; allowed are -11 to 24"):
        small_run.explain("P01", 99)
    assert "belongs to the warm-up" in small_run.explain("P01", -5)


def test_a_first_reader_is_told_whom_to_ask_about(small_run: Run) -> None:
    text = whom(small_run, "results/here")
    assert "P00@3" in text and "Surgery 1 (P01)" in text
    example = re.search(r"gpfed explain results/here (\S+)", text)
    assert example is not None and small_run.explain(example.group(1))


@pytest.mark.parametrize("file", ["events.parquet", "gps.parquet", "manifest.json"])
@pytest.mark.parametrize("harm", ["empty", "cut", "other"])
def test_damaged_files_are_named_in_one_sentence(small_run: Run, tmp_path: Path, file: str, harm: str) -> None:
    folder = small_run.save(tmp_path / "run")
    content = (folder / file).read_bytes()
    (folder / file).write_bytes({"empty": b"", "cut": content[: len(content) // 2], "other": b"[]"}[harm])
    with pytest.raises(InputError, match=rf"{re.escape(file)}' is damaged") as found:
        Run.load(folder)
    assert "\n" not in str(found.value)


def test_a_table_that_only_looks_whole_is_named_when_it_is_read(small_run: Run, tmp_path: Path) -> None:
    folder = small_run.save(tmp_path / "run")
    content = bytearray((folder / "events.parquet").read_bytes())
    content[4:-4] = bytes(len(content) - 8)
    (folder / "events.parquet").write_bytes(content)
    with pytest.raises(InputError, match=r"events\.parquet' is damaged"):
        _ = Run.load(folder).events


def test_what_a_rule_settles_is_a_decision_like_any_other(small_scenario: Callable[..., Scenario]) -> None:
    offered = run(small_scenario(practices=30, horizon=8, levers={"rollout": "deadline", "leader_mode": 1.0}), 1)
    events, decisions = offered.events, offered.decisions
    pairs = {"leader appointed": "appoint", "took a board seat": "seat"}
    for event, kind in pairs.items():
        happened, decided = events[events["kind"] == event], decisions[decisions["kind"] == kind]
        assert happened[["month", "who", "about"]].to_numpy().tolist() == (
            decided[["month", "about", "who"]].to_numpy().tolist()
        )
    best = decisions.query("kind == 'appoint'").iloc[0]
    score = best["term_skill"] + best["term_burnout"] + best["term_attitude"]
    assert -1 < score < 2 and best["probability"] == 1.0
    placed = events[events["detail"] == "placed by the commissioner at the deadline"]
    decided = decisions.query("kind == 'place'")
    assert (
        len(placed) and placed[["who", "about"]].to_numpy().tolist() == decided[["about", "choice"]].to_numpy().tolist()
    )
    text = offered.explain(placed["who"].iloc[0], 6)
    assert "the nearest with room, " in text
    led = offered.explain(best["who"])
    assert f"{best['about']} was appointed one of the leaders of the organisation, with skill" in led
    assert "the best by " in led and "made " not in led
