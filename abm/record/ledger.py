"""The membership ledger: who is in what, as what, from when to when, and why.

It is the only write path of membership and is append-only: an entry is opened once and closed at most once, so history
is a query. The columns of the tables that say the same for today (`practices.organisation`, `gps.practice` and
`gps.role`, `gps.leads`) are derived from it and kept in step. An entry holds at the end of month m where
since <= m < until.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from abm.columns import Role
from abm.state import Table

if TYPE_CHECKING:
    import pandas as pd

STILL = 9999  # month in which an open entry ends
RELATIONS = ("member", "post", "leader")
SESSIONAL = "sessional"


class Ledger:
    """Memberships of practices in organisations, posts of GPs in practices, leaders of organisations.

    Args:
        gps, practices, organisations: the tables whose derived columns follow the ledger.

    Relations:
        member: a practice in an organisation; `what` is free, for example "founder".
        post: a GP in a practice; `what` is the role. A sessional GP has no post, or one of role "sessional" at no
            practice (-1).
        leader: a GP of an organisation.
    """

    def __init__(self, gps: Table, practices: Table, organisations: Table) -> None:
        self._gps, self._practices, self._organisations = gps, practices, organisations
        self._clear()

    def _clear(self) -> None:
        self._relation: list[str] = []
        self._who: list[int] = []
        self._where: list[int] = []
        self._what: list[str] = []
        self._since: list[int] = []
        self._until: list[int] = []
        self._why: list[str] = []
        self._why_ended: list[str] = []
        self._last: dict[tuple[str, int], int] = {}  # (relation, who) -> latest entry
        self._entries: dict[tuple[str, int], list[int]] = defaultdict(list)  # (relation, where) -> entries
        self._now: dict[tuple[str, int], list[int]] = defaultdict(list)  # (relation, where) -> rows, sorted

    def __len__(self) -> int:
        return len(self._who)

    def _table(self, relation: str) -> Table:
        if relation not in RELATIONS:
            raise ValueError(f"the ledger knows no relation '{relation}'; it knows {', '.join(RELATIONS)}")
        return self._practices if relation == "member" else self._gps

    def _group(self, relation: str) -> Table:
        return self._practices if relation == "post" else self._organisations

    def _open_entry(self, relation: str, who: int) -> int:
        """Number of the open entry, -1 without one."""
        entry = self._last.get((relation, who), -1)
        return entry if entry >= 0 and self._until[entry] == STILL else -1

    def open(self, relation: str, who: int, where: int, what: str, month: int, why: str) -> None:
        """Open an entry: `who` (row) is in `where` (row) as `what` from this month on.

        Raises:
            ValueError: an unknown relation, row or role; an entry of that relation is open; a month before the last
                entry ended.
        """
        who, where, month = int(who), int(where), int(month)
        table, group = self._table(relation), self._group(relation)
        homeless = relation == "post" and what == SESSIONAL
        if not 0 <= who < len(table) or (where != -1 if homeless else not 0 <= where < len(group)):
            raise ValueError(f"the ledger cannot open '{relation}' of row {who} in row {where}: there is no such row")
        if relation == "post" and what.upper() not in Role.__members__:
            raise ValueError(f"the role of a post is '{what}'; allowed are partner, salaried and sessional")
        if (entry := self._open_entry(relation, who)) >= 0:
            raise ValueError(
                f"{table.name[who]} already has an open entry '{relation}', since month {self._since[entry]}; "
                f"close it first"
            )
        last = self._last.get((relation, who), -1)
        if last >= 0 and month < self._until[last]:
            raise ValueError(
                f"{table.name[who]} had an entry '{relation}' until month {self._until[last]}; "
                f"the next cannot begin in month {month}"
            )
        self._append(relation, who, where, what, month, STILL, why, "")
        self._derive(relation, who, where, what)

    def _append(
        self, relation: str, who: int, where: int, what: str, since: int, until: int, why: str, why_ended: str
    ) -> None:
        entry = len(self._who)
        self._relation.append(relation)
        self._who.append(who)
        self._where.append(where)
        self._what.append(str(what))
        self._since.append(since)
        self._until.append(until)
        self._why.append(str(why))
        self._why_ended.append(str(why_ended))
        self._last[relation, who] = entry
        self._entries[relation, where].append(entry)
        if until == STILL:
            insort(self._now[relation, where], who)

    def close(self, relation: str, who: int, month: int, why: str) -> None:
        """Close the open entry of that relation: it no longer holds at the end of this month.

        Raises:
            ValueError: there is no open entry, or it began later.
        """
        who, month = int(who), int(month)
        table, entry = self._table(relation), self._open_entry(relation, who)
        if entry < 0:
            of = "practices" if relation == "member" else "GPs"
            raise ValueError(f"row {who} of the {of} has no open entry '{relation}'")
        if month < self._since[entry]:
            raise ValueError(
                f"the entry '{relation}' of {table.name[who]} began in month {self._since[entry]}; "
                f"it cannot end in month {month}"
            )
        self._until[entry] = month
        self._why_ended[entry] = str(why)
        self._now[relation, self._where[entry]].remove(who)
        self._derive(relation, who, -1, SESSIONAL)

    def _derive(self, relation: str, who: int, where: int, what: str) -> None:
        """Write what holds now into the tables."""
        if relation == "member":
            self._practices.organisation[who] = where
        elif relation == "leader":
            self._gps.leads[who] = where
        else:
            self._gps.practice[who] = where
            self._gps.role[who] = Role[what.upper()]

    def current(self, relation: str, who: int) -> int:
        """Row of what `who` is in now, -1 for nothing."""
        self._table(relation)
        entry = self._open_entry(relation, int(who))
        return self._where[entry] if entry >= 0 else -1

    def since(self, relation: str, who: int) -> int | None:
        """Month in which the open entry began, None without one."""
        self._table(relation)
        entry = self._open_entry(relation, int(who))
        return self._since[entry] if entry >= 0 else None

    def holders(self, relation: str, where: int, month: int | None = None) -> NDArray[np.int64]:
        """Rows in that relation to `where`, ascending: now, or as of the end of a month."""
        self._table(relation)
        key = relation, int(where)
        if month is None:
            return np.array(self._now.get(key, ()), np.int64)
        since, until = self._since, self._until
        rows = [self._who[entry] for entry in self._entries.get(key, ()) if since[entry] <= month < until[entry]]
        return np.array(sorted(rows), np.int64)

    def members(self, organisation: int, month: int | None = None) -> NDArray[np.int64]:
        """Rows of the member practices of an organisation, ascending: now, or as of the end of a month."""
        return self.holders("member", organisation, month)

    def leaders(self, organisation: int, month: int | None = None) -> NDArray[np.int64]:
        """Rows of the GPs who lead an organisation, ascending: now, or as of the end of a month."""
        return self.holders("leader", organisation, month)

    def frame(self, names: Mapping[str, Sequence[str]] | None = None) -> pd.DataFrame:
        """Every entry, in the order of opening.

        Args:
            names: names by row under the keys "gps", "practices" and "organisations"; left out, those of the tables.

        Returns:
            relation, who, where (names; "" for no practice), what, since, until (9999: still open), why, why_ended.
        """
        import pandas as pd

        names = names or {}
        tables = {"gps": self._gps, "practices": self._practices, "organisations": self._organisations}
        spelled = {kind: list(names.get(kind, table.name.tolist())) for kind, table in tables.items()}
        gp, practice, organisation = spelled["gps"], spelled["practices"], spelled["organisations"]
        of_who = {"member": practice, "post": gp, "leader": gp}
        of_where = {"member": organisation, "post": practice, "leader": organisation}
        columns = {
            "relation": self._relation,
            "who": [of_who[r][who] for r, who in zip(self._relation, self._who, strict=True)],
            "where": [of_where[r][row] if row >= 0 else "" for r, row in zip(self._relation, self._where, strict=True)],
            "what": self._what,
            "since": np.array(self._since, np.int32),
            "until": np.array(self._until, np.int32),
            "why": self._why,
            "why_ended": self._why_ended,
        }
        words = {name: "str" for name in ("relation", "who", "where", "what", "why", "why_ended")}
        return pd.DataFrame(columns).astype(words)

    def check(self) -> None:
        """Assert that the derived columns say what the ledger says and that entries of one relation never overlap.

        Raises:
            AssertionError: with the name of the first who differs.
        """
        free: dict[tuple[str, int], int] = {}
        for entry, (relation, who) in enumerate(zip(self._relation, self._who, strict=True)):
            name = self._table(relation).name[who]
            since, until = self._since[entry], self._until[entry]
            assert since <= until, f"the entry '{relation}' of {name} ends in month {until}, before its beginning"
            assert free.get((relation, who), since) <= since, f"{name} has two entries '{relation}' in month {since}"
            free[relation, who] = until
        derived = {
            "member": self._practices.organisation,
            "post": self._gps.practice,
            "leader": self._gps.leads,
        }
        role = np.full(len(self._gps), Role.SESSIONAL, np.int8)
        expected = {relation: np.full(len(column), -1, np.int64) for relation, column in derived.items()}
        for (relation, who), entry in self._last.items():
            if self._until[entry] == STILL:
                expected[relation][who] = self._where[entry]
                if relation == "post":
                    role[who] = Role[self._what[entry].upper()]
        for relation, column in derived.items():
            wrong = np.flatnonzero(column != expected[relation])
            assert not len(wrong), (
                f"{self._table(relation).name[wrong[0]]}: the table says row {column[wrong[0]]} "
                f"and the ledger row {expected[relation][wrong[0]]} for '{relation}'"
            )
        wrong = np.flatnonzero(self._gps.role != role)
        assert not len(wrong), f"{self._gps.name[wrong[0]]}: the role in the table is not that in the ledger"

    def save(self) -> dict[str, Any]:
        """The ledger as plain data, for a checkpoint."""
        return {
            "relation": list(self._relation),
            "who": np.array(self._who, np.int64),
            "where": np.array(self._where, np.int64),
            "what": list(self._what),
            "since": np.array(self._since, np.int64),
            "until": np.array(self._until, np.int64),
            "why": list(self._why),
            "why_ended": list(self._why_ended),
        }

    def load(self, saved: Mapping[str, Any]) -> None:
        """Replace the content by what `save` gave; the tables are loaded with their own content."""
        self._clear()
        who, where, since, until = (saved[name].tolist() for name in ("who", "where", "since", "until"))
        for entry in zip(
            saved["relation"], who, where, saved["what"], since, until, saved["why"], saved["why_ended"], strict=True
        ):
            self._append(*entry)
