"""The web server: Solara's application with the page's language, zoom and safe headers."""

from __future__ import annotations

import os
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from abm.errors import InputError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"SAMEORIGIN"),
)
MENDED = (
    (b"<html>", b'<html lang="en-GB">'),
    (b", maximum-scale=1, user-scalable=no, minimal-ui", b""),
)
"""What Solara's page lacks for people who read with their ears or must enlarge it."""
HIDDEN = ("/resourcez", "/_solara/api/evict")  # nobody's business
LARGEST_MESSAGE = 1024 * 1024  # bytes a browser may send at once: an upload of 256 KB and room for its envelope

SETTINGS = {
    "SOLARA_APP": "viz.app",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_TITLE": "gpfed",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_KERNEL_MAX_PER_SESSION": "12",
    "SOLARA_SESSION_HTTP_ONLY": "true",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
}


def application(places: Mapping[str, Path], most_runs: int) -> Application:
    """The whole application, ready to be served; kernels are compiled before it is handed over.

    Args:
        places: offered beside the presets, by name.
        most_runs: most simulations at once.
    """
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("SOLARA_SESSION_SECRET_KEY", secrets.token_hex(32))
    from abm.simulate import warm

    warm()
    from solara.server.starlette import app

    import viz.app

    viz.app.PLACES.update(places)
    viz.app.CAPACITY.runs = most_runs
    return mended(app)


def mended(inner: Application) -> Application:
    """An application whose pages tell their language, may be enlarged, and carry safe headers."""

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return
        if scope["path"].startswith(HIDDEN):
            await send({"type": "http.response.start", "status": 404, "headers": list(HEADERS)})
            await send({"type": "http.response.body", "body": b""})
            return
        start: Message = {}
        body = bytearray()

        async def mend(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = {**message, "headers": [*message.get("headers", ()), *HEADERS]}
                if not _is_page(start):
                    await send(start)
            elif not _is_page(start):
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    page = bytes(body)
                    for old, new in MENDED:
                        page = page.replace(old, new, 1)
                    headers = [(key, value) for key, value in start["headers"] if key.lower() != b"content-length"]
                    await send({**start, "headers": [*headers, (b"content-length", str(len(page)).encode())]})
                    await send({"type": "http.response.body", "body": page})

        without = [(key, value) for key, value in scope["headers"] if key.lower() != b"accept-encoding"]
        asks_page = b"text/html" in dict(scope["headers"]).get(b"accept", b"")
        await inner({**scope, "headers": without} if asks_page else scope, receive, mend)

    return outer


def _is_page(start: Message) -> bool:
    return any(key.lower() == b"content-type" and b"text/html" in value for key, value in start.get("headers", ()))


def serve(host: str, port: int, places: Mapping[str, Path], most_runs: int, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C.

    Args:
        ready: called once pages are answered.

    Raises:
        InputError: the port is taken.
    """
    import socket

    import uvicorn

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise InputError(f"--port {port} on {host} cannot be used: {problem.strerror}; give another one") from None
    config = uvicorn.Config(
        application(places, most_runs), host=host, port=port, log_level="warning", ws_max_size=LARGEST_MESSAGE,
        timeout_graceful_shutdown=3,
    )  # fmt: skip
    server = uvicorn.Server(config)
    begin = server.startup

    async def startup(*sockets: Any, **named: Any) -> None:
        await begin(*sockets, **named)
        ready()

    server.startup = startup  # type: ignore[method-assign]
    server.run()
