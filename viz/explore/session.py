"""One person's page: a private run, the parts that show it, and what each wish of the person does."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

from abm.calendar import Calendar
from abm.errors import InputError
from abm.scenario.levers import LEVERS
from abm.scenario.scenario import Scenario
from viz.capacity import Capacity
from viz.explore import figures, files, why
from viz.frame import Frame
from viz.levers import grouped
from viz.runner import SPEEDS, Runner, State
from viz.settings import LARGEST_UPLOAD, Settings, from_document, options
from viz.widgets import Charts, Controls, Headlines, Network, Transport, Why

FRAMES_A_SECOND = 10.0
CHARTS_A_SECOND = 2.0
LOOK_AGAIN = 1.0  # seconds between two looks at whether somebody is there
GONE_AFTER = 10.0  # seconds without a connected page after which playing stops

log = logging.getLogger(__name__)


class Session:
    """A private run and its page.

    Args:
        query: of the address that was opened.
        places: paths of places beside the presets, by name.
        capacity: what all sessions share.
        is_watched: whether a page is connected now.
    """

    def __init__(
        self,
        query: str,
        places: Mapping[str, Path],
        capacity: Capacity,
        is_watched: Callable[[], bool] = lambda: True,
    ) -> None:
        self._places, self._folder = dict(places), ""
        self._is_watched = is_watched
        self._error, self._shown, self._follow, self._drawn = "", 0, True, (-1, -1, -1)
        self._charted = 0.0
        self._scenario: tuple[Settings, Scenario] | None = None
        self._closed = threading.Event()
        self._lock = threading.RLock()
        try:
            chosen, month = Settings.from_query(query)
            chosen.scenario(self._places)
        except InputError as problem:
            chosen, month, self._error = Settings(), 0, f"{problem}. The page starts without it."
        shown = options()
        shown["places"] = [*shown["places"], *({"name": name, "title": name} for name in self._places)]
        shown |= {"groups": grouped(), "largest": LARGEST_UPLOAD}
        self.transport = Transport(self._heard)
        self.controls = Controls(self._heard, options=shown)
        self.network = Network(self._heard)
        self.headlines = Headlines()
        self.charts = Charts()
        self.why = Why(self._heard)
        self._runner = Runner(chosen, offered=self._places, capacity=capacity, until=month)
        self._thread = threading.Thread(target=self._watch, name="gpfed-page", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """The page is gone: end the run, remove what was uploaded."""
        self._closed.set()
        self._runner.close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    # What the run does, onto the page

    def _watch(self) -> None:
        version, gone_since = -1, None
        while not self._closed.is_set():
            state = self._runner.wait(version, LOOK_AGAIN)
            if self._closed.is_set():
                return
            if not self._is_watched():
                gone_since = gone_since or monotonic()
                if monotonic() - gone_since > GONE_AFTER and state.phase == "playing":
                    self._runner.pause()
                self._closed.wait(LOOK_AGAIN)
                continue
            gone_since = None
            try:
                self._show(state)
            except Exception:  # a page that cannot be drawn must not end the thread that draws it
                log.exception("A page could not be drawn")
                self._say("Part of the page could not be drawn; start again or reload the page.")
            version = state.version
            self._closed.wait(1.0 / FRAMES_A_SECOND)

    def _show(self, state: State | None = None) -> None:
        """Bring every part up to date; what has not changed is not sent again."""
        with self._lock:
            state = state or self._runner.state
            frames = state.frames
            self._shown = state.month if self._follow else min(self._shown, state.month)
            start = self._scenario_of(state).start if state.phase != "failed" or frames else Settings().scenario().start
            if not frames:
                if state.phase == "preparing":
                    self.network.places = b""
                    self.why.page = {}
                    self.network.selected = ""
                    self._follow = True
            else:
                self._show_month(state, frames[self._shown])
            self._show_controls(state)
            self._show_charts(state)
            self.transport.state = {
                "phase": state.phase,
                "month": state.month,
                "shown": self._shown,
                "horizon": state.horizon,
                "date": Calendar(start).label(self._shown),
                "speed": state.speed,
                "speeds": list(SPEEDS),
                "error": self._error or state.error,
                "run": state.run_number,
                "warm_up": state.warm_up,
            }

    def _show_month(self, state: State, frame: Frame) -> None:
        stage = state.stage
        drawn = (state.run_number, self._shown, 0)
        if drawn == self._drawn or stage is None:
            return
        if drawn[0] != self._drawn[0]:
            self.network.stage = {"names": list(stage.names), "titles": list(stage.titles)}
            self.network.places = stage.places.astype("<f4").tobytes()
            self.why.names = [
                {"name": name, "title": title} for name, title in zip(stage.names, stage.titles, strict=True)
            ] + [{"name": name, "title": "commissioner"} for name in stage.commissioners]
        self._drawn = drawn
        self.network.organisations = [
            {"row": one.row, "name": one.name, "label": one.label, "form": one.form, "population": one.population,
             "members": one.members}
            for one in frame.organisations
        ]  # fmt: skip
        self.network.frame = frame.pack()
        self.headlines.figures = figures.headlines(state.frames, self._shown)

    def _show_controls(self, state: State) -> None:
        settings = state.settings
        if state.phase == "failed" and not state.frames:
            return
        scenario = self._scenario_of(state)
        policy = scenario.policy_at(max(1, state.month + 1))
        moved = {change.lever for change in settings.changes} | set(dict(settings.levers))
        self.controls.values = {
            "values": {name: getattr(policy, name) for name in LEVERS},
            "set": sorted(moved | set(scenario.policy.levers_set)),
            "month": state.month,
            "ended": state.phase == "finished",
            "run": state.run_number,
            "query": settings.to_query(self._shown),
            "place": settings.place,
            "policy": settings.policy,
            "practices": settings.practices,
            "seed": settings.seed,
            "horizon": settings.horizon,
            "document": scenario.name if settings.document else "",
        }

    def _show_charts(self, state: State) -> None:
        busy = state.phase == "playing" and monotonic() - self._charted < 1.0 / CHARTS_A_SECOND
        if not state.frames or busy:
            return
        self._charted = monotonic()
        scenario = self._scenario_of(state)
        self.charts.data = figures.charts(
            state.frames, state.horizon, scenario.start, self._shown, figures.marks(scenario)
        )

    def _scenario_of(self, state: State) -> Scenario:
        if self._scenario is None or self._scenario[0] != state.settings:
            self._scenario = state.settings, state.settings.scenario(self._places)
        return self._scenario[1]

    # What the person wishes

    def _heard(self, message: dict[str, Any], buffers: list[bytes]) -> None:
        try:
            self._error = ""
            wish = message.get("wish")
            act = getattr(self, f"_wish_{wish}", None) if isinstance(wish, str) else None
            if act is None:
                raise InputError(f"the page sent a wish that is unknown: {wish!r}")
            act(message, buffers)
        except InputError as problem:
            self._say(str(problem))
        except (KeyError, TypeError, ValueError) as problem:
            log.warning("A message of a page was not understood: %r", problem)
            self._say("That was not understood; reload the page.")
        except Exception:  # told to the one whom it happened to; everybody else goes on
            log.exception("A wish of a page failed")
            self._say("That did not work, by a fault of the program; the run itself goes on.")

    def _say(self, sentence: str) -> None:
        self._error = sentence
        self.transport.state = {**self.transport.state, "error": sentence}
        self.controls.send({"said": sentence})

    def _wish_play(self, *_: Any) -> None:
        self._follow = True
        self._runner.play()

    def _wish_pause(self, *_: Any) -> None:
        self._runner.pause()

    def _wish_step(self, *_: Any) -> None:
        self._follow = True
        self._runner.step()

    def _wish_finish(self, *_: Any) -> None:
        self._follow = True
        self._runner.finish()

    def _wish_again(self, *_: Any) -> None:
        self._runner.start(self._runner.state.settings.started_anew())

    def _wish_speed(self, message: Mapping[str, Any], _: Any) -> None:
        self._runner.set_speed(float(message["value"]))

    def _wish_show(self, message: Mapping[str, Any], _: Any) -> None:
        state = self._runner.state
        if state.phase == "playing":
            self._runner.pause()
        self._shown = max(0, min(int(message["month"]), state.month))
        self._follow = self._shown == state.month
        self._show()

    def _wish_lever(self, message: Mapping[str, Any], _: Any) -> None:
        name, value = str(message["name"]), message["value"]
        if isinstance(value, int) and not isinstance(value, bool) and name != "n_mpo":
            value = float(value)
        self._runner.change(name, value)

    def _wish_start(self, message: Mapping[str, Any], _: Any) -> None:
        before = self._runner.state.settings
        chosen = Settings(
            place=str(message["place"]),
            policy=str(message["policy"]),
            seed=int(message["seed"]),
            horizon=int(message["horizon"]),
            practices=None if message["practices"] is None else int(message["practices"]),
        )
        if chosen.policy == before.policy and not before.document:  # another place or seed: the levers stay
            chosen = replace(chosen, levers=before.started_anew().levers)
        chosen.scenario(self._places)
        self._runner.start(chosen)

    def _wish_explain(self, message: Mapping[str, Any], _: Any) -> None:
        page = why.page(self._runner.run(), str(message["who"])[:200])
        self.why.page = page
        self.network.selected = page["name"]

    def _wish_download(self, message: Mapping[str, Any], _: Any) -> None:
        made = files.make(str(message["what"]), self._runner.run())
        self.controls.send({"file": made.name, "kind": made.kind}, [made.content])

    def _wish_upload(self, message: Mapping[str, Any], buffers: list[bytes]) -> None:
        name, content = Path(str(message["name"])).name[:80], buffers[0]
        if len(content) > LARGEST_UPLOAD:
            raise InputError(f"{name} has {len(content):,} bytes; allowed are {LARGEST_UPLOAD:,}")
        match Path(name).suffix.lower():
            case ".toml":
                chosen = from_document(content, name)
            case ".csv":
                chosen = self._own_place(name, content)
            case _:
                raise InputError(f"{name} is neither a scenario (.toml) nor a place (.csv)")
        self._runner.start(replace(chosen, seed=self._runner.state.settings.seed))
        self.controls.send({"said": f"{name} is being run."})

    def _own_place(self, name: str, content: bytes) -> Settings:
        """A place of the person's own, kept as long as the page is open; the server's paths are not told."""
        from abm.locality.locality import Locality
        from abm.scenario.parameters import ModelParameters

        self._folder = self._folder or tempfile.mkdtemp(prefix="gpfed-place-")
        path = Path(self._folder) / name
        path.write_bytes(content)
        try:
            Locality.load(str(path), parameters=ModelParameters())
        except InputError as problem:
            raise InputError(str(problem).replace(str(path), name).replace(self._folder, "")) from None
        self._places[path.stem] = path
        self._runner.offer(path.stem, path)
        return Settings(place=path.stem, policy=self._runner.state.settings.policy or "as-it-was")
