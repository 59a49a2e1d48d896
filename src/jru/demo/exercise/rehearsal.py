"""One exercise in a directory of its own: opened, played and debriefed; as fast as it goes when nobody watches."""

from __future__ import annotations

import asyncio
from pathlib import Path

from jru.blueprints import embedded_blueprint
from jru.bootstrap import System, build, check_kind, mark_exercise
from jru.clock import SeededRandom, VirtualClock
from jru.config import Settings
from jru.demo.api import Row, iso
from jru.demo.exercise.course import Course, moment
from jru.demo.exercise.debrief import debrief
from jru.demo.exercise.play import Play, opens_at
from jru.demo.show import Switch
from jru.demo.transport import DirectTransport
from jru.domain.blueprint import Blueprint
from jru.domain.blueprint_parsing import parse_blueprint
from jru.domain.exercise import Exercise, Part
from jru.errors import InvalidInput

FINISHED = "It went to its end."


def script_of(blueprint: Blueprint, exercise_id: str) -> Exercise:
    """Return a script of the scheme; raises InvalidInput for one that it does not have."""
    script = blueprint.exercises.get(exercise_id)
    if script is None:
        known = ", ".join(blueprint.exercises) or "none"
        raise InvalidInput(
            "exercise.unknown", f"The scheme has no exercise {exercise_id!r}.", f"It has: {known}."
        )
    return script


class Rehearsal:
    """One run of a script. Close it, so that its log ends in order."""

    def __init__(
        self,
        directory: Path,
        exercise_id: str,
        seed: int,
        people: frozenset[Part] = frozenset(),
        settings: Settings | None = None,
    ) -> None:
        """Open a fresh product in `directory`; raises InvalidInput for an unknown script or a directory in use."""
        self.blueprint = parse_blueprint(embedded_blueprint())
        self.script = script_of(self.blueprint, exercise_id)
        start = opens_at(self.blueprint, self.script)
        mark_exercise(directory)
        self.course = Course(directory)
        if self.course.lines:
            raise InvalidInput(
                "exercise.used", f"{directory} holds an exercise already; it was left as it is."
            )
        self.clock = VirtualClock(start)
        chance = SeededRandom(seed)
        at = Settings(
            data=directory, host=(settings or Settings()).host, origins=(settings or Settings()).origins
        )
        self.system: System = build(
            at, clock=self.clock, random=chance.child("server"), demo=True, exercise=True
        )
        self.switch = Switch(DirectTransport(self.system.app))
        self.play = Play(
            self.blueprint,
            self.script,
            self.system,
            self.switch,
            self.clock,
            chance.child("play"),
            self.course,
            people,
        )
        self.course.note(
            "began",
            start,
            exercise=exercise_id,
            seed=seed,
            people=sorted(people),
            begin=iso(self.play.begin),
            references=self.play.references,
        )

    async def through(self) -> None:
        """Play from the setting up to the end in virtual time."""
        await self.play.set_up()
        await self.play.run()
        self.over(FINISHED)

    def over(self, how: str) -> None:
        """Note that the exercise has ended, and how."""
        if self.course.first("ended") is None:
            self.course.note("ended", self.clock.now(), how=how)

    def debrief(self) -> Row:
        """Return the debrief of what has happened so far."""
        return debrief(self.system, self.script, self.course, self.play.references)

    def close(self) -> None:
        """Close the product."""
        self.system.close()


def rehearse(directory: Path, exercise_id: str, seed: int) -> Row:
    """Play a whole script with the machine in every part, as fast as it goes; return its debrief."""
    rehearsal = Rehearsal(directory, exercise_id, seed)
    try:
        with asyncio.Runner() as runner:
            runner.run(_played(rehearsal))
        return rehearsal.debrief()
    finally:
        rehearsal.close()


async def _played(rehearsal: Rehearsal) -> None:
    try:
        await rehearsal.through()
    finally:
        await rehearsal.play.close()


def reopened(directory: Path) -> Row:
    """Return the debrief of an exercise whose server is gone, from what is kept in its directory."""
    check_kind(directory, exercise=True)
    course = Course(directory)
    began = course.first("began")
    if began is None:
        raise InvalidInput("exercise.empty", f"{directory} holds no exercise that began.")
    clock = VirtualClock(max(moment(line) for line in course.lines))
    system = build(Settings(data=directory), clock=clock, random=SeededRandom(0), demo=True, exercise=True)
    try:
        scheme = system.services.ground.board.scheme.at(clock.now())
        return debrief(system, script_of(scheme, began["exercise"]), course, began["references"])
    finally:
        system.close()
