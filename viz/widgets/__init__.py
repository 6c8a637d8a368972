"""The parts of a page: each a plain ES module beside this file, with its state in declared traits.

Wishes of the person come back as one message: `{"wish": ..., ...}` with the bytes of a file where there is one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

HERE = Path(__file__).parent
STYLE = (HERE / "theme.css").read_text("utf-8")
HELPERS = (HERE / "dom.js").read_text("utf-8")

Heard = Callable[[dict[str, Any], list[bytes]], None]


def _module(name: str) -> str:
    return HELPERS + (HERE / f"{name}.js").read_text("utf-8")


class Part(anywidget.AnyWidget):
    """One part of a page.

    Args:
        heard: called with each message of the person and the bytes that came with it.
    """

    _css = STYLE

    def __init__(self, heard: Heard | None = None, **traits: Any) -> None:
        super().__init__(**traits)
        if heard is not None:
            self.on_msg(lambda _, content, buffers: heard(content, [bytes(one) for one in buffers or ()]))


class Transport(Part):
    """Play, pause, step, speed, instant, start again, and the slider of months."""

    _esm = _module("transport")
    state = traitlets.Dict().tag(sync=True)


class Controls(Part):
    """Place, policy, seed, levers, downloads and uploads."""

    _esm = _module("controls")
    options = traitlets.Dict().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)


class Network(Part):
    """The practices on a canvas: `places` and `frame` are the bytes of `viz.frame`."""

    _esm = _module("network")
    stage = traitlets.Dict().tag(sync=True)
    organisations = traitlets.List().tag(sync=True)
    places = traitlets.Bytes().tag(sync=True)
    frame = traitlets.Bytes().tag(sync=True)
    selected = traitlets.Unicode().tag(sync=True)


class Headlines(Part):
    """Headline figures of the month shown."""

    _esm = _module("headlines")
    figures = traitlets.List().tag(sync=True)


class Charts(Part):
    """Time series with dated marks."""

    _esm = _module("charts")
    data = traitlets.Dict().tag(sync=True)


class Why(Part):
    """Who somebody is and why they decided as they did."""

    _esm = _module("why")
    page = traitlets.Dict().tag(sync=True)
    names = traitlets.List().tag(sync=True)
