"""The ledger against a plain diary of who was where at the end of every month."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from abm.columns import GP_COLUMNS, ORGANISATION_COLUMNS, PRACTICE_COLUMNS, Role
from abm.record.ledger import RELATIONS, STILL, Ledger
from abm.state import Table

PRACTICES, GPS, ORGANISATIONS = 4, 5, 3
ROLES = ("partner", "salaried")


def empty_ledger() -> Ledger:
    gps, practices = Table("GPs", GP_COLUMNS), Table("practices", PRACTICE_COLUMNS)
    organisations = Table("organisations", ORGANISATION_COLUMNS)
    gps.add(GPS, name=[f"G{i}" for i in range(GPS)], role=Role.SESSIONAL)
    practices.add(PRACTICES, name=[f"P{i}" for i in range(PRACTICES)])
    organisations.add(ORGANISATIONS, name=[f"O{i}" for i in range(ORGANISATIONS)])
    return Ledger(gps, practices, organisations)


class LedgerAgainstDiary(RuleBasedStateMachine):
    """Opens and closes at random; a dictionary plays the part of the truth."""

    @initialize()
    def begin(self) -> None:
        self.ledger = empty_ledger()
        self.month = 0
        self.now: dict[tuple[str, int], int] = {}
        self.diary: list[dict[tuple[str, int], int]] = []

    @rule()
    def next_month(self) -> None:
        self.diary.append(dict(self.now))
        self.month += 1

    @rule(
        relation=st.sampled_from(RELATIONS), who=st.integers(0, 3), where=st.integers(0, 2), role=st.sampled_from(ROLES)
    )
    def open(self, relation: str, who: int, where: int, role: str) -> None:
        if (relation, who) in self.now:
            before = len(self.ledger)
            with pytest.raises(ValueError, match="close it first"):
                self.ledger.open(relation, who, where, role, self.month, "again")
            assert len(self.ledger) == before
        else:
            self.ledger.open(relation, who, where, role, self.month, "why")
            self.now[relation, who] = where

    @rule(relation=st.sampled_from(RELATIONS), who=st.integers(0, 3))
    def close(self, relation: str, who: int) -> None:
        if (relation, who) in self.now:
            self.ledger.close(relation, who, self.month, "over")
            del self.now[relation, who]
        else:
            with pytest.raises(ValueError, match="no open entry"):
                self.ledger.close(relation, who, self.month, "over")

    @invariant()
    def tables_and_queries_say_what_the_diary_says(self) -> None:
        if not hasattr(self, "ledger"):
            return
        self.ledger.check()
        for relation, group in (("member", ORGANISATIONS), ("leader", ORGANISATIONS), ("post", PRACTICES)):
            for who in range(4):
                assert self.ledger.current(relation, who) == self.now.get((relation, who), -1)
            for where in range(group):
                truth = sorted(who for (kind, who), at in self.now.items() if kind == relation and at == where)
                assert self.ledger.holders(relation, where).tolist() == truth
                for month, then in enumerate(self.diary):
                    truth = sorted(who for (kind, who), at in then.items() if kind == relation and at == where)
                    assert self.ledger.holders(relation, where, month).tolist() == truth

    @rule()
    def survives_saving(self) -> None:
        again = Ledger(self.ledger._gps, self.ledger._practices, self.ledger._organisations)
        again.load(self.ledger.save())
        again.check()
        assert again.frame().equals(self.ledger.frame())
        assert all(again.members(o).tolist() == self.ledger.members(o).tolist() for o in range(ORGANISATIONS))


LedgerAgainstDiary.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestLedgerAgainstDiary = LedgerAgainstDiary.TestCase


@given(moves=st.lists(st.tuples(st.integers(0, PRACTICES - 1), st.integers(-1, ORGANISATIONS - 1)), max_size=40))
def test_entries_are_never_rewritten(moves: list[tuple[int, int]]) -> None:
    """What was once closed stays as it is; an open entry only gains an end."""
    ledger, seen = empty_ledger(), []
    for month, (practice, organisation) in enumerate(moves):
        if ledger.current("member", practice) >= 0:
            ledger.close("member", practice, month, "moves on")
        if organisation >= 0:
            ledger.open("member", practice, organisation, "member", month, "joins")
        rows: list[dict[str, Any]] = ledger.frame().to_dict("records")
        for old, new in zip(seen, rows, strict=False):
            ended = {"until": new["until"], "why_ended": new["why_ended"]} if old["until"] == STILL else {}
            assert old | ended == new
        assert len(rows) >= len(seen)
        seen = rows
    members = np.bincount(ledger._practices.organisation[ledger._practices.organisation >= 0], minlength=ORGANISATIONS)
    assert members.tolist() == [len(ledger.members(o)) for o in range(ORGANISATIONS)]


def test_a_post_sets_practice_and_role_and_its_end_leaves_a_sessional_gp() -> None:
    ledger = empty_ledger()
    ledger.open("post", 2, 1, "salaried", -40, "at the start")
    assert (ledger._gps.practice[2], ledger._gps.role[2]) == (1, Role.SALARIED)
    ledger.close("post", 2, 5, "became partner")
    ledger.open("post", 2, 1, "partner", 5, "a post was free")
    assert ledger._gps.role[2] == Role.PARTNER
    assert ledger.holders("post", 1, 4).tolist() == ledger.holders("post", 1, 5).tolist() == [2]
    ledger.close("post", 2, 6, "turned sessional")
    assert (ledger._gps.practice[2], ledger._gps.role[2]) == (-1, Role.SESSIONAL)


def test_months_run_forward() -> None:
    ledger = empty_ledger()
    ledger.open("member", 0, 0, "founder", 3, "founded")
    with pytest.raises(ValueError, match="cannot end in month 2"):
        ledger.close("member", 0, 2, "too early")
    ledger.close("member", 0, 5, "left")
    with pytest.raises(ValueError, match="cannot begin in month 4"):
        ledger.open("member", 0, 1, "member", 4, "too early")


@pytest.mark.parametrize(
    ("relation", "who", "where", "what"),
    [("owner", 0, 0, ""), ("member", PRACTICES, 0, ""), ("member", 0, ORGANISATIONS, ""), ("post", 0, 0, "boss"),
     ("post", 0, -1, "partner"), ("member", 0, -1, "")],
)  # fmt: skip
def test_nonsense_is_refused_and_leaves_no_trace(relation: str, who: int, where: int, what: str) -> None:
    ledger = empty_ledger()
    with pytest.raises(ValueError):
        ledger.open(relation, who, where, what, 1, "nonsense")
    assert len(ledger) == 0
    ledger.check()


def test_check_finds_a_table_written_past_the_ledger() -> None:
    ledger = empty_ledger()
    ledger.open("member", 0, 0, "founder", 1, "founded")
    ledger._practices.organisation[3] = 0
    with pytest.raises(AssertionError, match="P3"):
        ledger.check()
