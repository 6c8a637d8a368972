"""The simulation's commands; each has a file of its own and imports what it needs when it runs."""

from __future__ import annotations

import typer

from abm.cli import explain, locality, parameters, phases, policies, report, run, schema, trace

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

app.command("run")(run.run_place)
app.add_typer(locality.app, name="locality")
app.command("report")(report.report_run)
app.command("explain")(explain.explain_run)
app.command("phases")(phases.list_phases)
app.command("parameters")(parameters.list_parameters)
app.command("policies")(policies.list_policies)
app.command("schema")(schema.print_schema)
app.command("trace")(trace.trace_practice)
