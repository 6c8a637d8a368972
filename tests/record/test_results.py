"""A run is immutable, comes back from disk equal, and is told apart from every other run by its content."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from abm.errors import InputError
from abm.record.results import TABLES, Run


def test_a_run_comes_back_from_disk_equal(small_run: Run, tmp_path: Path) -> None:
    loaded = Run.load(small_run.save(tmp_path / "run"))
    for name in TABLES:
        assert loaded.table(name).equals(small_run.table(name)), name
        assert (loaded.table(name).dtypes == small_run.table(name).dtypes).all(), name
    assert loaded.manifest == small_run.manifest
    assert loaded.scenario == small_run.scenario
    assert loaded.content_hash() == small_run.content_hash()
    assert (loaded.seed, loaded.name, loaded.last_month) == (1, "town-and-country", 24)


def test_the_scenario_file_of_a_run_runs_the_same_again(small_run: Run, tmp_path: Path) -> None:
    from abm.scenario.scenario import Scenario

    folder = small_run.save(tmp_path / "run")
    assert Scenario.load(folder / "scenario.toml").digest() == small_run.manifest["scenario_sha256"]


def test_nothing_that_is_written_into_a_table_stays(small_run: Run) -> None:
    before = small_run.content_hash()
    for name in TABLES:
        frame = small_run.table(name)
        for column in frame:
            frame[column] = 0
    table = small_run.model
    table.loc[table["month"] == 3, "load"] = 99.0
    manifest = small_run.manifest
    manifest["seed"] = 99
    assert small_run.content_hash() == before
    assert small_run.seed == 1


def test_equal_runs_have_equal_content_and_others_not(small_world: Callable[..., Any], small_run: Run) -> None:
    assert small_world().play().content_hash() == small_run.content_hash()
    assert small_world(seed=2).play().content_hash() != small_run.content_hash()
    touched = small_world()
    while touched.month < touched.horizon:
        touched.step()
    touched.events.add(24, "an event", "P00")
    assert touched.play().content_hash() != small_run.content_hash()


def test_the_content_tells_which_text_stands_where(small_world: Callable[..., Any]) -> None:
    """Two logs with the same words in another order differ."""
    hashes = set()
    for who in (("P00", "P01"), ("P01", "P00")):
        world = small_world(horizon=1)
        for name in who:
            world.events.add(1, "an event", name)
        hashes.add(world.play().content_hash())
    assert len(hashes) == 2


def test_a_failed_save_leaves_the_old_run_and_no_rubbish(
    small_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small_run.save(tmp_path / "run")
    old = sorted(file.name for file in folder.iterdir())

    def fail(*_: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("abm.scenario.scenario.Scenario.to_toml", fail)
    with pytest.raises(OSError, match="no space"):
        small_run.save(folder)
    assert [item.name for item in tmp_path.iterdir()] == ["run"]
    assert sorted(file.name for file in folder.iterdir()) == old
    assert Run.load(folder).content_hash() == small_run.content_hash()


def test_a_run_never_replaces_anything_but_a_run(small_run: Run, tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("mine")
    with pytest.raises(InputError, match="holds no run"):
        small_run.save(tmp_path)
    assert (tmp_path / "diary.txt").read_text() == "mine"
    folder = small_run.save(tmp_path / "run")
    (folder / "stale.txt").write_text("of the earlier run")
    small_run.save(folder)
    assert not (folder / "stale.txt").exists()


def test_what_is_no_run_is_refused_in_a_sentence(small_run: Run, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no run"):
        Run.load(tmp_path)
    folder = small_run.save(tmp_path / "run")
    (folder / "gps.parquet").unlink()
    with pytest.raises(InputError, match=r"gps\.parquet missing"):
        Run.load(folder)


def test_a_run_kept_before_commissioners_were_opens_and_only_their_page_misses_them(
    small_run: Run, tmp_path: Path
) -> None:
    folder = small_run.save(tmp_path / "run")
    whole = Run.load(folder).explain("P03")
    (folder / "commissioners.parquet").unlink()
    old = Run.load(folder)
    assert old.explain("P03") == whole
    assert "was kept without commissioners.parquet" in old.explain("C1")
    with pytest.raises(InputError, match="kept without its table of commissioners; run its scenario again"):
        _ = old.commissioners
    again = Run.load(old.save(tmp_path / "again"))
    assert again.content_hash() == old.content_hash() != small_run.content_hash()
    (folder / "trust.parquet").unlink()
    with pytest.raises(InputError, match=r"incomplete: trust.parquet missing"):
        Run.load(folder)


def test_rows_read_from_disk_are_those_of_the_whole_table(small_run: Run, tmp_path: Path) -> None:
    loaded = Run.load(small_run.save(tmp_path / "run"))
    whole = small_run.memberships
    wanted = ((whole["relation"] == "post") & whole["where"].isin(["P01", "P02"])) | (whole["who"] == "P07")
    asked = ({"relation": ["post"], "where": {"P01", "P02"}}, {"who": ["P07"]})
    for run in (loaded, small_run):
        assert run.where("memberships", *asked).equals(whole[wanted].reset_index(drop=True))
    assert 0 < wanted.sum() < len(whole)
    assert not len(loaded.where("decisions", {"who": ["nobody"]}))


def test_the_manifest_says_where_the_run_comes_from(small_run: Run, tmp_path: Path) -> None:
    manifest = json.loads((small_run.save(tmp_path / "run") / "manifest.json").read_text())
    assert manifest["seed"] == 1
    assert manifest["scenario"]["parameters"]["wellbeing"]["high_burnout"] == 0.5
    assert manifest["place"] == {"kind": "synthetic", "preset": "small"}
    assert manifest["libraries"]["numpy"] == np.__version__
    assert len(manifest["code_sha256"]) == 64
    assert manifest["seconds"] == {"record": 0.1}


def test_the_code_digest_follows_every_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from abm.record import manifest

    def digest() -> str:
        manifest.code_sha256.cache_clear()
        return manifest.code_sha256()

    monkeypatch.setattr(manifest, "PACKAGE", tmp_path)
    seen = []
    for name, text in (("a.py", "1"), ("a.py", "2"), ("b.toml", "2"), ("notes.md", "no source"), ("sub/a.py", "2")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
        seen.append(digest())
    (tmp_path / "sub" / "a.py").rename(tmp_path / "sub" / "c.py")
    seen.append(digest())
    assert len(set(seen)) == len(seen) - 1
    assert seen[2] == seen[3]
    manifest.code_sha256.cache_clear()


def test_summary_has_months_as_columns(small_run: Run) -> None:
    summary = small_run.summary()
    assert list(summary.columns) == [0, 12, 24]
    assert summary.loc["collaborating_share", 12] == pytest.approx(0.4)
    assert small_run.summary([3]).loc["organisations", 3] == 1


def test_months_outside_a_run_are_refused(small_run: Run) -> None:
    for month in (-1, 25):
        with pytest.raises(InputError, match="allowed are 0 to 24"):
            small_run.network(month)
    with pytest.raises(InputError, match="did you mean 'practices'"):
        small_run.table("practice")
