"""One month of a run as a page needs it: immutable arrays, and the bytes in which they travel to the browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from abm.columns import Form
from abm.record.series import BAND
from abm.state import Table

if TYPE_CHECKING:
    from abm.world import World

NOBODY = 0xFFFF  # in place of an organisation's row
MOST_TIES = 3  # links of trust that are drawn from one practice
LEAST_TRUST = 0.25  # weaker trust is not drawn
TALKS = ("talks", "talks failed", "called together")
STEPS = (
    "joined",
    "left",
    "founded",
    "dissolved",
    "united",
    "became federation",
    "taken over",
    "talks failed",
    "merged",
    "closed",
)


@dataclass(frozen=True)
class Organisation:
    """A living organisation.

    Attributes:
        row: its number, the same in every month.
        label: one to three letters made of it.
        form: in words.
    """

    row: int
    name: str
    label: str
    form: str
    population: float
    members: int


@dataclass(frozen=True)
class Stage:
    """What does not change in a run: who the practices are and where they stand.

    Attributes:
        places: km east and north, float32, shape (practices, 2).
        names, titles: one for each practice.
    """

    places: NDArray[np.float32]
    names: tuple[str, ...]
    titles: tuple[str, ...]
    commissioners: tuple[str, ...]

    @classmethod
    def of(cls, world: World) -> Stage:
        """The stage of a model."""
        practices = world.practices
        return cls(
            _closed(np.stack([practices.x, practices.y], axis=1).astype(np.float32)),
            tuple(practices.name.tolist()),
            tuple(practices.title.tolist()),
            tuple(world.commissioners.name.tolist()),
        )


@dataclass(frozen=True)
class Frame:
    """The state at a month's end; all arrays are copies that cannot be written.

    Attributes:
        lists: registered patients, float32, one for each practice.
        organisation: row of the practice's organisation, uint16, `NOBODY` outside.
        form: of that organisation, int8, -1 outside.
        status: who runs the practice, int8.
        ties: pairs of practices joined by trust, uint16, shape (n, 2).
        talks: pairs of practices that talked this month, uint16, shape (n, 2).
        organisations: the living ones.
        values: the model series of the month, with the shares of patients by size of their organisation.
        steps: what happened to memberships: kind, who, about.
    """

    month: int
    lists: NDArray[np.float32]
    organisation: NDArray[np.uint16]
    form: NDArray[np.int8]
    status: NDArray[np.int8]
    ties: NDArray[np.uint16]
    talks: NDArray[np.uint16]
    organisations: tuple[Organisation, ...]
    values: dict[str, float]
    steps: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(cls, world: World) -> Frame:
        """The month that has just ended in a world."""
        practices, organisations = world.practices, world.organisations
        inside = practices.organisation >= 0
        forms = np.append(organisations.form, -1).astype(np.int8)
        living = tuple(_organisation(organisations, int(row)) for row in np.flatnonzero(organisations.alive))
        talks, steps = _happened(world)
        return cls(
            month=world.month,
            lists=_closed(practices.list_by_age.sum(axis=1).astype(np.float32)),
            organisation=_closed(np.where(inside, practices.organisation, NOBODY).astype(np.uint16)),
            form=_closed(forms[practices.organisation]),
            status=_closed(practices.status.astype(np.int8)),
            ties=_closed(_strongest(world)),
            talks=_closed(talks),
            organisations=living,
            values=_values(world, living),
            steps=steps,
        )

    def pack(self) -> bytes:
        """The frame as little-endian bytes.

        Four uint32 (month, practices, ties, talks), then float32 lists, uint16 organisation, ties and talks, int8 form
        and status.
        """
        head = np.array([self.month, len(self.lists), len(self.ties), len(self.talks)], "<u4")
        parts = (
            head,
            self.lists.astype("<f4"),
            self.organisation.astype("<u2"),
            self.ties.astype("<u2"),
            self.talks.astype("<u2"),
            self.form,
            self.status,
        )
        return b"".join(part.tobytes() for part in parts)


def label(row: int) -> str:
    """Letters for a number, as spreadsheets letter columns: A to Z, AA, AB ..."""
    text, row = "", row + 1
    while row:
        row, letter = divmod(row - 1, 26)
        text = chr(ord("A") + letter) + text
    return text


def _closed(array: NDArray[Any]) -> NDArray[Any]:
    array = np.ascontiguousarray(array)
    array.setflags(write=False)
    return array


def _organisation(organisations: Table, row: int) -> Organisation:
    return Organisation(
        row,
        str(organisations.name[row]),
        label(row),
        Form(int(organisations.form[row])).words,
        float(organisations.population[row]),
        int(organisations.members[row]),
    )


def _strongest(world: World) -> NDArray[np.uint16]:
    """The strongest trust of each practice, a pair once."""
    edges = world.trust.edges
    chosen = np.flatnonzero(edges.trust >= LEAST_TRUST)
    source, target = edges.source[chosen], edges.target[chosen]
    order = np.lexsort((target, -edges.trust[chosen], source))
    source, target = source[order], target[order]
    first = np.searchsorted(source, source, side="left")
    kept = np.arange(len(source)) - first < MOST_TIES
    pairs = np.sort(np.stack([source[kept], target[kept]], axis=1), axis=1)
    return np.unique(pairs, axis=0).astype(np.uint16).reshape(-1, 2)


def _happened(world: World) -> tuple[NDArray[np.uint16], tuple[tuple[str, str, str], ...]]:
    """Pairs of practices that talked this month, and what happened to memberships."""
    month = world.month
    if not any(world.events.count(month, kind) for kind in {*TALKS, *STEPS}):
        return np.empty((0, 2), np.uint16), ()
    events = world.events.frame()
    events = events[events["month"] == month]
    rows = {name: row for row, name in enumerate(world.practices.name.tolist())}
    founder = dict(zip(world.organisations.name.tolist(), world.organisations.founder.tolist(), strict=True))
    talked = events[events["kind"].isin(TALKS)]
    found = [
        (rows[who], rows.get(about, founder.get(about, -1)))
        for who, about in zip(talked["who"], talked["about"], strict=True)
        if who in rows
    ]
    pairs = np.array([pair for pair in found if pair[1] >= 0 and pair[0] != pair[1]], np.uint16).reshape(-1, 2)
    told = events[events["kind"].isin(STEPS)]
    return pairs, tuple(zip(told["kind"], told["who"], told["about"], strict=True))


def _values(world: World, living: tuple[Organisation, ...]) -> dict[str, float]:
    values = {name: float(value) for name, value in world.recorder.latest().items() if not isinstance(value, str)}
    patients = max(1.0, values["patients"])
    low, high = BAND
    values["patients_under_25000"] = sum(one.population for one in living if one.population < low) / patients
    values["patients_over_100000"] = sum(one.population for one in living if one.population > high) / patients
    values["patients_in_none"] = 1.0 - values["patients_in_organisations_share"]
    return values
