"""A small client of Chromium's DevTools protocol: enough to use a page as a person does."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

FOUND = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
PATIENCE = 60.0
KEYS = {"Enter": 13, "Tab": 9, " ": 32, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Home": 36}


class Page:
    """One tab in a browser profile of its own."""

    def __init__(self, browser: Browser, session: str, context: str) -> None:
        self._browser, self._session, self.context = browser, session, context
        self.errors: list[str] = []
        self.asked: list[str] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, **params)

    def heard(self, method: str, params: dict[str, Any]) -> None:
        match method:
            case "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                self.errors.append(str(details.get("exception", {}).get("description", details["text"])))
            case "Runtime.consoleAPICalled" if params["type"] == "error":
                self.errors.append(" ".join(str(one.get("value", one.get("description"))) for one in params["args"]))
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                self.errors.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")
            case "Network.requestWillBeSent":
                self.asked.append(params["request"]["url"])
            case "Network.loadingFailed" if not params.get("canceled"):
                self.errors.append(f"not loaded: {params['errorText']}")

    def size(self, width: int, height: int, *, phone: bool = False) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)

    def open(self, url: str) -> None:
        self.call("Page.navigate", url=url)
        self.until("document.querySelector('.gp-transport') !== null", "the page")

    def run(self, script: str) -> Any:
        got = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in got:
            raise AssertionError(f"{script}: {got['exceptionDetails']}")
        return got["result"].get("value")

    def until(self, condition: str, what: str = "", patience: float = PATIENCE) -> Any:
        end = time.monotonic() + patience
        while time.monotonic() < end:
            value = self.run(f"(() => {{ try {{ return {condition}; }} catch (error) {{ return null; }} }})()")
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError(f"waited in vain for {what or condition}; errors: {self.errors}")

    def click(self, selector: str, text: str = "") -> None:
        """Click the first element that the selector finds (and whose text begins so), where it is on the screen."""
        chosen = (
            f"[...document.querySelectorAll({selector!r})].find((one) => one.textContent.trim().startsWith({text!r}))"
        )
        self.until(f"({chosen}) && !({chosen}).disabled", f"{selector} {text}")
        x, y = self.run(
            f"(() => {{ const one = {chosen}; one.scrollIntoView({{block: 'center', behavior: 'instant'}}); "
            "const box = one.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        self.click_at(x, y)

    def click_at(self, x: float, y: float) -> None:
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            buttons = {"mouseMoved": 0, "mousePressed": 1, "mouseReleased": 0}[kind]
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=buttons, clickCount=1)

    def key(self, name: str, times: int = 1) -> None:
        text = {"Enter": "\r", " ": " "}.get(name)
        for _ in range(times):
            code = {"key": name, "code": "Space" if name == " " else name, "windowsVirtualKeyCode": KEYS[name]}
            more = {"text": text} if text else {}
            self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **code, **more)
            self.call("Input.dispatchKeyEvent", type="keyUp", **code)

    def write(self, text: str) -> None:
        self.call("Input.insertText", text=text)

    def choose(self, selector: str, value: str | float) -> None:
        """Give a control a value and tell the page, as a person's choice does."""
        self.run(
            f"(() => {{ const one = document.querySelector({selector!r}); one.value = {json.dumps(value)}; "
            "for (const kind of ['input', 'change']) one.dispatchEvent(new Event(kind, {bubbles: true})); })()"
        )

    def data(self, name: str, part: str = "[data-phase]") -> str:
        """One of the facts that a part of the page tells about itself."""
        return str(self.run(f"document.querySelector({part!r}).dataset[{name!r}]"))

    def picture(self, path: Path, *, whole: bool = False) -> None:
        got = self.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=whole, **(self._clip() if whole else {})
        )
        path.write_bytes(base64.b64decode(got["data"]))

    def _clip(self) -> dict[str, Any]:
        box = self.call("Page.getLayoutMetrics")["cssContentSize"]
        return {"clip": {"x": 0, "y": 0, "width": box["width"], "height": min(box["height"], 9000), "scale": 1}}


class Browser:
    """A running Chromium."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._number = 0
        self._lock = threading.Condition()
        self._answers: dict[int, dict[str, Any]] = {}
        self._pages: dict[str, Page] = {}
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            for raw in self._socket:
                message = json.loads(raw)
                if "id" in message:
                    with self._lock:
                        self._answers[message["id"]] = message
                        self._lock.notify_all()
                elif page := self._pages.get(message.get("sessionId", "")):
                    page.heard(message["method"], message["params"])
        except Exception:  # the browser has gone
            return

    def call(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        with self._lock:
            self._number += 1
            number = self._number
        message = {"id": number, "method": method, "params": params} | ({"sessionId": session} if session else {})
        self._socket.send(json.dumps(message))
        with self._lock:
            if not self._lock.wait_for(lambda: number in self._answers, PATIENCE):
                raise AssertionError(f"Chromium did not answer {method}")
            answer = self._answers.pop(number)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        return answer["result"]

    def page(self) -> Page:
        """A new tab that shares nothing with the others."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session, context)
        self._pages[session] = page
        page.size(1280, 900)
        return page

    def close(self, page: Page) -> None:
        self.call("Target.disposeBrowserContext", browserContextId=page.context)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium without a window, for as long as it is needed."""
    assert FOUND is not None
    with tempfile.TemporaryDirectory(prefix="gpfed-chromium-", ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [FOUND, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0",
             f"--user-data-dir={folder}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            told = Path(folder) / "DevToolsActivePort"
            end = time.monotonic() + PATIENCE
            while not (told.exists() and len(told.read_text().splitlines()) == 2):
                if time.monotonic() > end:
                    raise AssertionError("Chromium did not start")
                time.sleep(0.05)
            port, path = told.read_text().splitlines()
            with connect(f"ws://127.0.0.1:{port}{path}", max_size=None) as connected:
                yield Browser(connected)
        finally:
            process.terminate()
            process.wait(20)
