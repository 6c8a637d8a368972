"""`gpfed policies`: the shipped policies, and what one of them does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from abm.scenario.policy import Policy


def list_policies(
    name: Annotated[str, typer.Argument(help="A shipped policy or a policy file; left out, all are listed.")] = "",
) -> None:
    """List the shipped policies, or show one: its levers, changes and source."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from abm.scenario.policy import Policy, policies

    if name:
        typer.echo(policy_text(Policy.load(name)), nl=False)
        return
    table = Table("policy", "title", "what it does")
    table.columns[0].no_wrap = True  # a name is there to be copied
    for shipped in policies():
        policy = Policy.load(shipped)
        table.add_row(escape(shipped), escape(policy.title), escape(policy.description))
    Console().print(table)


def policy_text(policy: Policy) -> str:
    """A policy as text: title, description, source, the levers it sets with their meaning, and its dated changes."""
    from abm.scenario.levers import Levers
    from abm.scenario.messages import shown
    from abm.scenario.parameters.registry import entries

    about = {entry.path: entry for entry in entries(Levers)}

    def line(lever: str, value: object) -> str:
        entry = about[lever]
        unit = "" if entry.unit == "1" else f" {entry.unit}"
        return f"  {lever} = {shown(value)}{unit}   {entry.meaning} (allowed: {entry.allowed})"

    lines = [f"{policy.name}: {policy.title}" if policy.title else policy.name]
    lines += [text for text in (policy.description, f"Source: {policy.source}" if policy.source else "") if text]
    lines.append("Levers from month 1:" if policy.levers_set else "No lever is set: all keep their usual values.")
    lines += [line(lever, value) for lever, value in policy.levers_set.items()]
    for change in policy.changes:
        lines.append(f"From month {change.month}:")
        lines += [line(lever, value) for lever, value in change.levers_set.items()]
    return "\n".join(lines) + "\n"
