"""Any tree of plain data comes back equal, or is refused in a sentence."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from abm.errors import InputError
from abm.record import checkpoint

DTYPES = st.sampled_from(["?", "i1", "i8", "u4", "u8", "f4", "f8", "U3", "M8[D]"])
SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
ARRAYS = DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, SHAPES))
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | ARRAYS
    | st.sampled_from([np.float64(0.1), np.int32(-3), np.uint64(2**64 - 1), np.bool_(True)])
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    """Equal in value and type, not-a-number being equal to itself."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, (np.ndarray, np.generic)):
        first, second = np.asarray(one), np.asarray(other)
        return first.dtype == second.dtype and first.shape == second.shape and first.tobytes() == second.tobytes()
    return repr(one) == repr(other)


@given(tree=TREES)
def test_every_tree_comes_back_equal(tree: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "tree.checkpoint"
    assert same(checkpoint.load(checkpoint.save(path, tree)), tree)


def test_equal_states_give_equal_files(tmp_path: Path) -> None:
    tree = {"a": np.arange(5), "b": [1.5, {"c": (None, "text")}]}
    one, two = checkpoint.save(tmp_path / "one", tree), checkpoint.save(tmp_path / "two", tree)
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("tree", [object(), {1: 2}, [np.array([{}], dtype=object)], {"a": {2, 3}}])
def test_other_than_plain_data_is_refused_and_the_old_file_stays(tmp_path: Path, tree: Any) -> None:
    path = checkpoint.save(tmp_path / "state", {"month": 12})
    with pytest.raises(TypeError):
        checkpoint.save(path, tree)
    assert checkpoint.load(path) == {"month": 12}
    assert [file.name for file in tmp_path.iterdir()] == ["state"]


def test_what_is_no_checkpoint_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        checkpoint.load(tmp_path / "nothing")
    text = tmp_path / "text"
    text.write_text("not a checkpoint")
    with pytest.raises(InputError, match="is no checkpoint"):
        checkpoint.load(text)
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr(checkpoint.TREE, json.dumps({"format": checkpoint.FORMAT, "version": 99, "tree": None}))
    with pytest.raises(InputError, match=f"version 99; this program reads version {checkpoint.VERSION}"):
        checkpoint.load(other)
