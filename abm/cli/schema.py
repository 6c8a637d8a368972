"""`gpfed schema`: the JSON Schema of scenario and policy files, for editors and checks."""

from __future__ import annotations

from typing import Annotated

import typer


def print_schema(what: Annotated[str, typer.Argument(help="scenario or policy")] = "scenario") -> None:
    """Print the JSON Schema of a scenario file or a policy file."""
    import json

    from abm.errors import InputError, did_you_mean

    if what == "scenario":
        from abm.scenario.scenario import Scenario

        schema = Scenario.json_schema()
    elif what == "policy":
        from abm.scenario.policy import Policy

        schema = Policy.json_schema()
    else:
        raise InputError(
            f"schema = {what} is unknown; allowed are scenario, policy{did_you_mean(what, ('scenario', 'policy'))}"
        )
    typer.echo(json.dumps(schema, indent=2, ensure_ascii=False))
