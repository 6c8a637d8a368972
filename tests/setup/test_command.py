"""The command `gpfed`: one sentence and the right exit code for every mistake, and help that loads no library."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from typer.main import get_group

import gpfed
from abm.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
HELP = (
    "import sys, gpfed; gpfed.main(['--help']); print('loaded', *sorted({'typer', 'mesa', 'numpy'} & {*sys.modules}))"
)
WRONG_USAGE = [["run", "town-and-country", "--no-such-option"], ["schema", "one", "too", "many", "words"]]


def raising(error: BaseException):
    def dispatch(words: list[str]) -> int:
        raise error

    return dispatch


def test_help_lists_every_command_and_loads_no_library() -> None:
    answer = subprocess.run([sys.executable, "-c", HELP], cwd=ROOT, capture_output=True, text=True, check=True)
    *text, loaded = answer.stdout.splitlines()
    assert loaded == "loaded"
    assert all(any(line.strip().startswith(f"{name} ") for line in text) for name in gpfed.COMMANDS)


@pytest.mark.parametrize("module", sorted({module for module, _ in gpfed.COMMANDS.values()}))
def test_the_listed_commands_are_those_that_the_package_defines(module: str) -> None:
    listed = {name for name, (home, _) in gpfed.COMMANDS.items() if home == module}
    assert set(get_group(import_module(module).app).commands) == listed


def test_a_mistyped_command_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert gpfed.main(["parametres"]) == 2
    assert capsys.readouterr().err == "gpfed: there is no command 'parametres'; did you mean 'parameters'?\n"


@pytest.mark.parametrize("words", WRONG_USAGE)
def test_wrong_usage_is_one_sentence_and_code_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert gpfed.main(words) == 2
    message = capsys.readouterr().err
    assert message.startswith("gpfed: ")
    assert message.count("\n") == 1


def test_bad_input_is_one_sentence_without_traceback(monkeypatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(gpfed, "_dispatch", raising(InputError("the seed is -1; allowed are whole numbers from 0")))
    assert gpfed.main(["run"]) == 2
    assert capsys.readouterr().err == "gpfed: the seed is -1; allowed are whole numbers from 0\n"


def test_debug_shows_where_bad_input_was_found(monkeypatch) -> None:
    monkeypatch.setattr(gpfed, "_dispatch", raising(InputError("the seed is -1")))
    with pytest.raises(InputError):
        gpfed.main(["run", "--debug"])


def test_a_fault_of_the_program_is_not_hidden(monkeypatch) -> None:
    monkeypatch.setattr(gpfed, "_dispatch", raising(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        gpfed.main(["run"])


def test_an_interrupt_is_quiet(monkeypatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(gpfed, "_dispatch", raising(KeyboardInterrupt()))
    assert gpfed.main(["run"]) == 130
    assert capsys.readouterr() == ("", "")
