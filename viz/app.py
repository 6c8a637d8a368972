"""The pages as Solara shows them; the server is `viz.server`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import solara
import solara.lab
from solara.server.kernel_context import PageStatus, get_current_context

from viz.capacity import Capacity
from viz.explore.session import Session

CAPACITY = Capacity()
"""What all sessions of this process share."""
PLACES: dict[str, Path] = {}
"""Places offered beside the presets, by name; filled before the server starts."""


def _div(kind: str, *children: Any) -> Any:
    return solara.v.Html(tag="div", class_=kind, children=list(children))


@solara.component
def Page() -> None:
    """Explore: one private run."""
    address = solara.use_router()

    def begin() -> Session:
        context = get_current_context()
        session = Session(
            address.search or "", PLACES, CAPACITY, lambda: PageStatus.CONNECTED in tuple(context.page_status.values())
        )
        context.on_close(session.close)
        return session

    session = solara.use_memo(begin, [])
    solara.Title("Explore – gpfed")
    head = solara.v.Html(
        tag="header",
        class_="gp-head",
        children=[
            solara.v.Html(tag="h1", children=["gpfed: explore"]),
            solara.v.Html(
                tag="p",
                children=["A model to explain and compare policies, not to forecast. Levels are not calibrated."],
            ),
        ],
    )
    columns = _div(
        "gp-columns",
        _div("gp-left", _div("gp-card", session.controls)),
        _div(
            "gp-centre",
            _div("gp-card", session.network),
            _div("gp-card", session.why),
        ),
        _div("gp-right", _div("gp-card", session.charts)),
    )
    solara.v.Html(
        tag="div",
        class_="gp-page",
        children=[
            head,
            solara.v.Html(
                tag="main", children=[_div("gp-top", session.transport), _div("gp-strip", session.headlines), columns]
            ),
        ],
    )


@solara.component
def Layout(children: list[Any]) -> None:
    """The bare page: no bar of Solara's own."""
    solara.v.Html(tag="div", children=children)
