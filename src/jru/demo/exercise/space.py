"""The exercise space of one directory: which script is being played, who joined, and what earlier ones came to."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from jru.blueprints import embedded_blueprint
from jru.bootstrap import mark_exercise
from jru.clock import Random
from jru.config import Settings
from jru.demo.api import Row
from jru.demo.exercise.course import Course
from jru.demo.exercise.debrief import STOPPED
from jru.demo.exercise.keeping import kept, save
from jru.demo.exercise.page import page_of
from jru.demo.exercise.performance import STOPPED_HERE, Performance
from jru.demo.exercise.rehearsal import reopened, script_of
from jru.domain.blueprint_parsing import parse_blueprint
from jru.domain.exercise import Part
from jru.errors import Conflict, InvalidInput, NotFound
from jru.web.hall import Indoors

RUNS: Final = "runs"
NOTHING: Final[Row] = {"phase": "none"}


class Space:
    """Implements `jru.web.exercise_port.Exercises`. Safe between threads; close it at the end."""

    def __init__(self, settings: Settings, seed: int, random: Random) -> None:
        """Keep exercises below `settings.data`; raises InvalidInput when that holds anything else."""
        mark_exercise(settings.data)
        self.indoors = Indoors()
        self.address = ""
        self._settings = settings
        self._seed = seed
        self._random = random
        self._blueprint = parse_blueprint(embedded_blueprint())
        self._door = threading.Lock()
        self._performance: Performance | None = None

    def scripts(self) -> Sequence[Row]:
        """Return the scheme's scripts."""
        return [
            {
                "id": script.exercise_id,
                "title": script.title,
                "minutes": script.minutes,
                "unit": self._blueprint.vehicles[script.unit].call_sign,
                "given": script.given,
                "aims": {part.value: script.aims[part] for part in Part},
            }
            for script in self._blueprint.exercises.values()
        ]

    def now(self) -> Row:
        """Return how far the exercise of now is."""
        performance = self._performance
        return performance.row() if performance else NOTHING

    def start(self, exercise_id: str, people: Sequence[str], pace: float) -> Row:
        """Start a script; raises InvalidInput for an unknown one or when nobody plays, Conflict while one runs."""
        script = script_of(self._blueprint, exercise_id)
        if not people:
            raise InvalidInput(
                "exercise.nobody",
                "Nobody plays: an exercise needs at least one part played by people.",
                "Choose a part, or let the machine play all of them with `jru exercise --play`.",
            )
        with self._door:
            if self._performance is not None:
                if not self._performance.over:
                    raise Conflict("exercise.running", "An exercise is running.", "End it first.")
                self._performance.close()
            self._performance = Performance(
                self._settings.data / RUNS / f"{self._next():03d}-{script.exercise_id}",
                script,
                frozenset(Part(part) for part in people),
                pace,
                self._seed,
                self._settings,
                self.indoors,
                self.address,
                self._random,
            )
            self._performance.begin()
        return self.now()

    def _next(self) -> int:
        numbers = [int(run.name.partition("-")[0]) for run in self._directories()]
        return max(numbers, default=0) + 1

    def _directories(self) -> list[Path]:
        runs = self._settings.data / RUNS
        found = runs.iterdir() if runs.is_dir() else ()
        return sorted(one for one in found if one.name.partition("-")[0].isdecimal() and one.is_dir())

    def pause(self, *, paused: bool) -> Row:
        """Let the exercise stand still, or go on."""
        self._running().pause(paused=paused)
        return self.now()

    def end(self) -> Row:
        """End the exercise and wait for its debrief."""
        self._running().end("It was ended before its time.")
        return self.now()

    def join(self, code: str) -> Row:
        """Return the role behind a code; raises InvalidInput for one that belongs to no part of now."""
        found = self._running().join(code)
        if found is None:
            raise InvalidInput(
                "exercise.code",
                f"No part of this exercise has the code {code}.",
                "Look at the page of exercises.",
            )
        return found

    def _running(self) -> Performance:
        if self._performance is None or self._performance.over:
            raise Conflict("exercise.none", "No exercise is running.", "Start one first.")
        return self._performance

    def runs(self) -> Sequence[Row]:
        """Return the exercises of this directory, the newest first; what a dead server left says so."""
        rows = []
        busy = self._performance.directory if self._performance and not self._performance.over else None
        for directory in reversed(self._directories()):
            course = Course(directory)
            began, ended = course.first("began"), course.first("ended")
            if directory == busy or began is None:
                continue
            script = self._blueprint.exercises.get(began["exercise"])
            rows.append(
                {
                    "run": directory.name,
                    "title": script.title if script else began["exercise"],
                    "people": began["people"],
                    "ended": ended["how"] if ended else STOPPED,
                }
            )
        return rows

    def debrief(self, run: str) -> Row:
        """Return a debrief; raises NotFound for a run that is not there, Conflict for the one that is running."""
        directory = self._settings.data / RUNS / run
        if directory not in self._directories():
            raise NotFound("exercise", "there is no such exercise")
        with self._door:
            performance = self._performance
            if performance is not None and directory == performance.directory and not performance.over:
                raise Conflict("exercise.running", "This exercise is still running.", "End it first.")
            found = kept(directory)
            if found is None:
                found = reopened(directory)
                save(directory, found)
        return found

    def debrief_page(self, run: str) -> str:
        """Return the same as one HTML file."""
        return page_of(self.debrief(run))

    def stop(self) -> None:
        """End what runs because the server stops, while it still answers."""
        if self._performance is not None and not self._performance.over:
            self._performance.end(STOPPED_HERE)

    def close(self) -> None:
        """Close what was played last."""
        if self._performance is not None:
            self._performance.close()
