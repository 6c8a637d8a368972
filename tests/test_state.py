"""Column tables: rows only grow, columns are views of the living arrays, a saved table is restored exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.state import NAME, Column, Table

COLUMNS = {
    "name": Column(NAME, ""),
    "age": Column("f8", 40.0, unit="years"),
    "alive": Column("?", True),
    "ring": Column("f8", float("nan"), 3),
}


def table(rows: int = 0) -> Table:
    fresh = Table("people", COLUMNS)
    if rows:
        fresh.add(rows, name=[f"p{i}" for i in range(rows)], age=np.arange(rows, dtype=float))
    return fresh


def equal(one: Table, other: Table) -> bool:
    pairs = ((one.save()[name], other.save()[name]) for name in COLUMNS)
    return all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in pairs)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_rows_keep_their_numbers_and_values_as_the_table_grows(batches: list[int]) -> None:
    grown, before = table(), 0
    for count in batches:
        rows = grown.add(count, age=np.arange(before, before + count, dtype=float))
        assert rows.tolist() == list(range(before, before + count))
        before += count
    assert len(grown) == sum(batches)
    assert np.array_equal(grown.age, np.arange(before))
    assert grown.alive.all()
    assert np.isnan(grown.ring).all()
    assert grown.ring.shape == (before, 3)


def test_columns_are_views_of_what_lives_also_after_growth() -> None:
    grown = table(3)
    grown.age[1] = 99.0
    grown.add(500)
    grown.ring[2, 1] = 7.0
    grown.age[:] += 1.0
    assert grown.age[:4].tolist() == [1.0, 100.0, 3.0, 41.0]
    assert grown.save()["ring"][2, 1] == 7.0


def test_a_new_row_does_not_inherit_what_stood_in_spare_room() -> None:
    grown = table(2)
    grown.age[:] = -1.0
    grown.add()
    assert grown.age[2] == COLUMNS["age"].default


def test_a_saved_table_is_a_copy_and_restores_exactly() -> None:
    first = table(20)
    saved = first.save()
    first.age[:] = 0.0
    first.add(5)
    other = table(2)
    other.restore(saved)
    assert len(other) == 20
    assert equal(other, table(20))
    saved["age"][:] = -5.0
    assert other.age[3] == 3.0, "the restored table shares no memory with what was saved"
    other.add(3, name=["x", "y", "z"])
    assert other.name[-3:].tolist() == ["x", "y", "z"]
    assert other.age[3] == 3.0


def test_an_empty_table_restores_and_grows() -> None:
    other = table(4)
    other.restore(table().save())
    assert len(other) == 0
    assert other.add(10).tolist() == list(range(10))


def test_wrong_columns_are_refused_by_name() -> None:
    people = table(1)
    with pytest.raises(AttributeError, match="shoe_size"):
        people.add(1, shoe_size=43)
    with pytest.raises(AttributeError, match="no column 'shoe_size'"):
        _ = people.shoe_size
    with pytest.raises(AttributeError, match=r"age\[:\]"):
        people.age = np.zeros(1)
    assert len(people) == 1
