def test_results_are_those_of_the_stored_baseline(baseline):
    changes = baseline.differences(baseline.load(), baseline.measure())
    shown = "\n".join([*changes[:20], *(["..."] if len(changes) > 20 else [])])
    assert not changes, f"{len(changes)} figures changed; run `make baseline` if this change is meant:\n{shown}"
