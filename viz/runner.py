"""A run that is watched: a model in a thread of its own, commands in, immutable frames out.

Commands act between months. Whoever watches waits for a newer version and takes the latest; nothing queues.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from abm.calendar import WARM_UP_MONTHS
from abm.errors import InputError
from abm.model import FederationModel
from abm.record.results import Run
from viz.capacity import Capacity
from viz.frame import Frame, Stage
from viz.settings import Settings, Value

Answer = TypeVar("Answer")
LEVER_MONTHS_FROM = 1  # no lever acts before
SPEEDS = (1.0, 2.0, 4.0, 8.0)  # months a second
STOP_SECONDS = 5.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class State:
    """What a page knows of a run.

    Attributes:
        version: grows with every change.
        phase: "preparing" (place and warm-up), "ready", "playing", "finished", "failed".
        stage: None until the place stands.
        frames: months 0 to the latest.
        warm_up: months of the warm-up that have been played, None outside of it.
        error: one sentence where the run failed, or a wish could not be met; "" else.
    """

    version: int
    settings: Settings
    phase: str
    speed: float
    stage: Stage | None
    frames: tuple[Frame, ...]
    horizon: int
    error: str
    run_number: int
    warm_up: int | None = None

    @property
    def month(self) -> int:
        """The latest month that has ended; 0 before there is one."""
        return self.frames[-1].month if self.frames else 0


class Runner:
    """Owns one model; every method may be called from any thread.

    Args:
        settings: what to run.
        offered: paths of places beside the presets, by name.
        capacity: what all runs of this process share; None for a run that counts nowhere.
        until: month to which it goes at once.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        offered: Mapping[str, Path] | None = None,
        capacity: Capacity | None = None,
        until: int = 0,
    ) -> None:
        self._offered = dict(offered or {})
        self._capacity = capacity
        self._changed = threading.Condition()
        self._wishes: deque[Callable[[], None]] = deque()
        self._model: FederationModel | None = None
        self._warming: tuple[FederationModel, int] | None = None  # in its warm-up, and the month to go to afterwards
        self._closed = False
        self._playing = False
        self._at_once_until = until
        self._speed = SPEEDS[1]
        self._next = 0.0
        self._state = State(0, settings, "preparing", self._speed, None, (), settings.horizon, "", 0)
        self._wish(lambda: self._start(settings, until))
        self._thread = threading.Thread(target=self._live, name="gpfed-run", daemon=True)
        self._thread.start()

    # What a page reads

    @property
    def state(self) -> State:
        """The latest state."""
        with self._changed:
            return self._state

    def wait(self, version: int, timeout: float) -> State:
        """The latest state, as soon as it is newer than a version, or when the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: self._state.version > version or self._closed, timeout)
            return self._state

    # What a page wishes

    def play(self) -> None:
        """Go on month by month."""
        self._wish(self._begin_playing)

    def pause(self) -> None:
        """Stop after the month that is being played."""
        self._wish(self._stop_playing)

    def step(self) -> None:
        """Play one month."""
        self._wish(lambda: self._go_to(self._state.month + 1))

    def finish(self) -> None:
        """Play to the end as fast as it goes."""
        self._wish(lambda: self._go_to(self._state.horizon))

    def set_speed(self, months_a_second: float) -> None:
        """Choose how fast playing goes: one of `SPEEDS`."""
        if months_a_second not in SPEEDS:
            raise InputError(f"speed = {months_a_second} is unknown; allowed are {', '.join(f'{s:g}' for s in SPEEDS)}")

        def choose() -> None:
            self._speed = months_a_second
            self._tell()

        self._wish(choose)

    def start(self, settings: Settings, until: int = 0) -> None:
        """Begin anew with other settings, at the end of the warm-up or of a later month."""
        self._wish(lambda: self._start(settings, until))

    def offer(self, name: str, path: Path) -> None:
        """Let a place of the disk be run under a name."""
        self._wish(lambda: self._offered.__setitem__(name, path))

    def change(self, lever: str, value: Value) -> None:
        """Set a lever: from the beginning where month 1 has not been played, else from the next month on."""
        self._wish(lambda: self._change(lever, value))

    def ask(self, question: Callable[[FederationModel], Answer], timeout: float = 60.0) -> Answer:
        """What a function finds in the model between two months.

        Raises:
            InputError: there is no model yet, or it takes too long.
        """
        done, found = threading.Event(), {}

        def answer() -> None:
            try:
                if self._model is None:
                    raise InputError("the run is not ready yet; try again in a moment")
                found["answer"] = question(self._model)
            except Exception as problem:  # handed to the one who asks
                found["problem"] = problem
            finally:
                done.set()

        self._wish(answer)
        if not done.wait(timeout):
            raise InputError("the run did not answer in time; pause it and try again")
        if "problem" in found:
            raise found["problem"]
        return found["answer"]

    def run(self) -> Run:
        """The tables of the months played so far."""

        def tables(model: FederationModel) -> Run:
            run = Run.of(model.world, model.seconds)
            for name in ("model", "practices", "organisations", "commissioners", "gps", "events", "decisions",
                         "memberships", "trust"):  # fmt: skip
                run.table(name)  # made now: the model goes on
            return run

        return self.ask(tables)

    def close(self) -> None:
        """End the thread and let the model go."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join(STOP_SECONDS)

    # Inside the thread

    def _wish(self, wish: Callable[[], None]) -> None:
        with self._changed:
            self._wishes.append(wish)
            self._changed.notify_all()

    def _live(self) -> None:
        try:
            while not self._closed:
                wish = self._next_wish()
                if wish is not None:
                    self._guard(wish)
                elif self._due():
                    self._guard(self._one_month if self._warming is None else self._one_month_of_warm_up)
        finally:
            self._model = self._warming = None
            if self._capacity is not None:
                self._capacity.leave(self)

    def _next_wish(self) -> Callable[[], None] | None:
        with self._changed:
            if not self._wishes and not self._closed and not self._due():
                pause = max(0.0, self._next - monotonic()) if self._playing else None
                self._changed.wait(pause)
            return self._wishes.popleft() if self._wishes and not self._closed else None

    def _due(self) -> bool:
        if self._warming is not None and not self._closed:
            return True
        if self._model is None or self._closed:
            return False
        if self._state.month < self._at_once_until:
            return True
        return self._playing and monotonic() >= self._next

    def _guard(self, work: Callable[[], None]) -> None:
        """Do it; a fault of the user's is told, a fault of ours ends the run and is told too."""
        try:
            work()
        except InputError as problem:
            lost = self._model is None and self._warming is None
            self._tell(error=str(problem), phase="failed" if lost else None)
        except Exception as problem:
            log.exception("A run failed")
            self._playing, self._at_once_until, self._model, self._warming = False, 0, None, None
            when = f"month {self._state.month + 1}" if self._state.frames else "its warm-up"
            told = f"The run failed in {when}: {type(problem).__name__}: {problem}"
            self._tell(error=told, phase="failed", warm_up=None)

    def _start(self, settings: Settings, until: int) -> None:
        self._playing, self._at_once_until, self._model, self._warming = False, 0, None, None
        number = self._state.run_number + 1
        self._tell(
            settings=settings, phase="preparing", error="", stage=None, frames=(), run_number=number, warm_up=None
        )
        scenario = settings.scenario(self._offered)
        self._tell(horizon=scenario.horizon)
        from abm.locality.locality import Locality

        place = Locality.load(
            scenario.place, parameters=scenario.parameters, practices=scenario.practices, place_seed=scenario.place_seed
        )
        if self._capacity is not None:
            self._capacity.enter(self, len(place))
        self._warming = FederationModel(scenario, settings.seed, locality=place), until
        self._tell(warm_up=0)

    def _one_month_of_warm_up(self) -> None:
        assert self._warming is not None
        model, until = self._warming
        model.step()
        if model.world.month < 0:
            self._tell(warm_up=model.world.month + WARM_UP_MONTHS)
            return
        self._model, self._warming = model, None
        self._at_once_until = min(until, self._state.horizon)
        self._tell(stage=Stage.of(model.world), frames=(Frame.of(model.world),), phase=self._phase(), warm_up=None)

    def _one_month(self) -> None:
        model = self._model
        if model is None or model.finished:
            self._playing, self._at_once_until = False, 0
            self._tell()
            return
        self._next = max(self._next + 1.0 / self._speed, monotonic())
        model.step()
        if model.finished:
            self._playing, self._at_once_until = False, 0
        self._tell(frames=(*self._state.frames, Frame.of(model.world)))

    def _begin_playing(self) -> None:
        if self._model is not None and not self._model.finished:
            self._playing, self._next = True, monotonic()
        self._tell(error="")

    def _stop_playing(self) -> None:
        self._playing, self._at_once_until = False, 0
        self._tell()

    def _go_to(self, month: int) -> None:
        self._playing = False
        self._at_once_until = min(month, self._state.horizon)
        self._tell(error="")

    def _change(self, lever: str, value: Value) -> None:
        settings, month = self._state.settings, self._state.month + 1
        model = self._model
        if model is None:
            raise InputError("the run is not ready yet; try again in a moment")
        if month <= LEVER_MONTHS_FROM:
            settings = settings.with_lever(lever, value)
        elif month > self._state.horizon:
            raise InputError("the run has ended; a lever set now would change nothing. Start again to use it")
        else:
            settings = settings.with_change(month, lever, value)
        model.world.scenario = settings.scenario(self._offered)
        self._tell(settings=settings, error="")

    def _phase(self) -> str:
        if self._model is None:
            return self._state.phase
        if self._model.finished:
            return "finished"
        return "playing" if self._playing or self._state.month < self._at_once_until else "ready"

    def _tell(self, phase: str | None = None, **changed: Any) -> None:
        with self._changed:
            before = self._state
            values = {name: getattr(before, name) for name in State.__dataclass_fields__} | changed
            values |= {"version": before.version + 1, "speed": self._speed}
            self._state = State(**values)
            values["phase"] = phase or self._phase()
            self._state = State(**values)
            self._changed.notify_all()
