"""Attributes of an agent that are read from, and written to, its row."""

from __future__ import annotations

from typing import Any, Protocol


class _Row(Protocol):
    row: int
    kind: str
    model: Any


class column:
    """Descriptor: `age = column("age")` makes `gp.age` the cell of the agent's row. There is no other copy."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, agent: _Row | None, owner: type) -> Any:
        if agent is None:
            return self
        return getattr(getattr(agent.model.world, agent.kind), self.name)[agent.row]

    def __set__(self, agent: _Row, value: Any) -> None:
        getattr(getattr(agent.model.world, agent.kind), self.name)[agent.row] = value
