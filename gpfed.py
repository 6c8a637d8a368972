"""The command `gpfed`: joins the commands of the three packages and turns errors into one sentence.

A package is imported only when one of its commands is called, so that `gpfed --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

COMMANDS = {
    "run": ("abm.cli", "Run one place under one policy; write tables, a picture and a report."),
    "locality": ("abm.cli", "Bring a real place from published files; show, list or check places."),
    "report": ("abm.cli", "Write the report of a run as one HTML page, beside other seeds where given."),
    "explain": ("abm.cli", "Say why a practice, an organisation, a GP or a commissioner did what it did."),
    "trace": ("abm.cli", "Tell a few days at a practice's reception, request by request."),
    "phases": ("abm.cli", "Print the phases of one month, with what each reads and writes."),
    "parameters": ("abm.cli", "Print every parameter with value, unit, range, evidence grade and source."),
    "policies": ("abm.cli", "List the policies that come with gpfed, or print one."),
    "schema": ("abm.cli", "Print the JSON Schema of a scenario file."),
    "experiment": ("experiments.cli", "Compare policies over many seeds, paired on common random numbers."),
    "waits": ("experiments.waits.cli", "Fit a place's appointments to its published ones; predict the last year."),
    "bench": ("experiments.bench.cli", "Measure what the engines cost on this machine."),
    "targets": ("experiments.cli", "Set runs beside what is known of the world."),
    "dashboard": ("viz.cli", "Explore the five years in a browser: play, move levers, ask why."),
}
"""Each command's name, the module whose typer app defines it, and its line in the help."""

USER_ERROR = 2
INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit code: 0, 2 for what the user can mend, 130 for Ctrl-C.

    Args:
        arguments: the words after `gpfed`; those of the command line when None. `--debug` anywhere among them shows
            the traceback of an error.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    try:
        code = _dispatch(words)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of `gpfed ... | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None or debug:
            raise
        print(f"gpfed: {sentence}", file=sys.stderr)
        return USER_ERROR


def help_text() -> str:
    """The answer to `gpfed --help`."""
    width = max(len(name) for name in COMMANDS)
    lines = [f"  {name:<{width}}  {line}" for name, (_, line) in COMMANDS.items()]
    return "\n".join(
        [
            "Usage: gpfed COMMAND ...",
            "",
            "A simulation laboratory for the future of English general practice.",
            "",
            *lines,
            "",
            "'gpfed COMMAND --help' explains a command; --debug shows an error's traceback, --version the version.",
        ]
    )


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("--help", "-h", "help"):
        print(help_text())
        return 0
    if words[0] == "--version":
        from abm import __version__

        print(f"gpfed {__version__}")
        return 0
    if words[0] not in COMMANDS:
        from abm.errors import InputError, did_you_mean

        hint = did_you_mean(words[0], COMMANDS) or "; 'gpfed --help' lists the commands"
        raise InputError(f"there is no command '{words[0]}'{hint}")
    return _call(COMMANDS[words[0]][0], words)


def _call(module: str, words: list[str]) -> int:
    import typer
    from typer.main import get_group

    group = get_group(import_module(module).app)
    try:
        with group.make_context("gpfed", words) as context:
            group.invoke(context)
    except typer.Exit as leave:
        return leave.exit_code
    except typer.Abort:
        return 1
    return 0


def _sentence(error: Exception) -> str | None:
    """What to tell the user about an error that is theirs to mend; None for a fault of ours."""
    from abm.errors import InputError

    if isinstance(error, InputError):
        return str(error)
    format_message = getattr(error, "format_message", None)  # typer's usage errors: unknown option, missing argument
    if format_message is not None:
        return str(format_message())
    return None


if __name__ == "__main__":
    sys.exit(main())
