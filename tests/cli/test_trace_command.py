"""`gpfed trace` from the command line."""

import pytest

import gpfed


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--days", "0"], "--days 0 is out of range; allowed are 1 to 60"),
        (["--from", "Easter"], "--from 'Easter' is no date"),
        (["TC01"], "has no practice 'TC01'"),
    ],
)
def test_what_cannot_be_told_is_refused_in_one_sentence(words, sentence, capsys):
    assert gpfed.main(["trace", "town-and-country", *words]) == 2
    error = capsys.readouterr().err
    assert sentence in error and "Traceback" not in error


def test_a_day_is_told_from_the_date_asked(capsys):
    assert gpfed.main(["trace", "town-and-country", "TC003", "--days", "1", "--from", "2015-02-14"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("TC003 (") and "Monday 16 February 2015" in told  # the 14th was a Saturday
