"""How the report's pictures look: colours, type, and figures as inline SVG that is the same whenever it is drawn."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Lines stand out from white by 4.5 to 1 or more, and each has a dash of its own.
LINES = (("#005eb8", "-"), ("#a34a00", "--"), ("#00664f", ":"), ("#7c2855", "-."))
TEXT, GREY, PALE = "#212b32", "#4c6272", "#d8dde0"
BLUE = LINES[0][0]
DOTS = 72  # SVG of matplotlib has 72 units an inch


@contextmanager
def drawing(size: float, salt: str = "gpfed") -> Iterator[None]:
    """Settings within which every picture is drawn.

    Args:
        size: of the type, in points.
        salt: names inside an SVG are hashed with it.
    """
    from matplotlib import rc_context

    style: dict[str, Any] = {
        "font.size": size, "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": GREY,
        "axes.labelcolor": TEXT, "text.color": TEXT, "xtick.color": GREY, "ytick.color": GREY, "xtick.labelcolor": TEXT,
        "ytick.labelcolor": TEXT, "svg.hashsalt": salt, "svg.fonttype": "none",
        "text.parse_math": False,  # a dollar in a title is a dollar
    }  # fmt: skip
    with rc_context(style):  # type: ignore[arg-type]
        yield


def blank(width: float, height: float) -> Figure:
    """An empty figure, its size in SVG units."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / DOTS, height / DOTS), facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def inline_svg(figure: Figure, name: str, alternative: str) -> str:
    """A figure as an SVG element for a page: sized by the page, names unique in it, described for who cannot see it.

    Args:
        figure: the figure.
        name: unique in the page; letters, digits and hyphens.
        alternative: the text that stands for the picture.
    """
    from html import escape

    written = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(written, format="svg", dpi=120, metadata=nothing)
    body = written.getvalue()
    body = body[body.index("<svg") :].strip()
    box = re.search(r'viewBox="([^"]+)"', body)
    inside = body[body.index(">") + 1 :]
    inside = re.sub(r"<metadata>.*?</metadata>\s*", "", inside, flags=re.DOTALL)
    inside = re.sub(r"<!--.*?-->\s*", "", inside, flags=re.DOTALL)
    inside = _own_names(inside, name)
    inside = re.sub(r"<[^>]{1,9999}>", _round, inside)
    inside = re.sub(r">\s+<", "><", inside)
    label = escape(alternative, quote=True)
    view = box.group(1) if box else "0 0 100 100"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{view}"'
    return f'{head} role="img" aria-label="{label}">{inside}'


def _own_names(body: str, name: str) -> str:
    """Keep the ids that something points to, made unique by the name of the picture."""
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', body))

    def keep(match: re.Match[str]) -> str:
        return f' id="{name}-{match.group(1)}"' if match.group(1) in used else ""

    body = re.sub(r' id="([^"]+)"', keep, body)
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{name}-", body)


def _round(tag: re.Match[str]) -> str:
    """One decimal less than anybody sees."""
    text = tag.group(0)
    if "base64" in text:
        return text
    return re.sub(r"-?\d+\.\d{3,}", lambda number: f"{float(number.group(0)):.2f}".rstrip("0").rstrip("."), text)
