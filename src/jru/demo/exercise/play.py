"""One exercise on stage: the people whom the machine plays, the steps of the script, and the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from jru.bootstrap import System
from jru.clock import Random, VirtualClock, VirtualSleep
from jru.demo.cast import Cast
from jru.demo.director import Steps
from jru.demo.exercise.course import Course
from jru.demo.exercise.scripting import SET_UP, begin_of, duty_of, happenings_of
from jru.demo.exercise.stepping import Stepping
from jru.demo.habits import DUTIFUL
from jru.demo.transport import Transport
from jru.domain.blueprint import Blueprint
from jru.domain.exercise import Exercise, Part, Step

ONE_SECOND = timedelta(seconds=1)


class Play:
    """A script against a running product. Parts in `people` are left to persons from the beginning."""

    def __init__(
        self,
        blueprint: Blueprint,
        script: Exercise,
        system: System,
        transport: Transport,
        clock: VirtualClock,
        chance: Random,
        course: Course,
        people: frozenset[Part],
    ) -> None:
        """`clock` stands at `opens_at(...)` of the same script."""
        self.script = script
        duty = duty_of(blueprint, script)
        self.begin = begin_of(duty)
        self.end = self.begin + timedelta(minutes=script.minutes)
        self._course = course
        self._cast = Cast(
            blueprint,
            system,
            transport,
            clock,
            VirtualSleep(clock),
            system.router,
            chance,
            self.begin - SET_UP,
            self.end,
        )
        self.director = self._cast.director
        happenings = happenings_of(blueprint, script, self.begin)
        self._cast.world.enter(list(happenings.values()))
        world = self._cast.world
        self.references = {
            world.reference(happening, call.agency): script_id
            for script_id, happening in happenings.items()
            for call in (happening.first, happening.second)
            if call is not None
        }
        self._cast.open_desks()
        crew = self._cast.bring(duty, DUTIFUL)
        self._stepping = Stepping(self._cast.rooms, crew, happenings)
        for step in script.steps:
            at = self.begin + timedelta(seconds=step.at_s)
            self.director.start_at(self._step(step), step.step_id, at)
        self.director.start_at(_nothing(), "end", self.end)
        self._people = people
        self._roles = crew.roles

    async def set_up(self) -> None:
        """Pass quickly to second 0; then persons have their parts."""
        await self.director.run(self.begin - ONE_SECOND)
        for part in sorted(self._people):
            self.take(part)

    def take(self, part: Part) -> None:
        """Leave a part to a person."""
        agency = part.agency
        if agency is not None:
            self.director.take_over(f"{agency}_dispatcher")
            return
        for role in self._roles:
            self.director.take_over(role, self.unit)

    @property
    def unit(self) -> str:
        """Return the call sign of the crew."""
        return self._cast.world.blueprint.vehicles[self.script.unit].call_sign

    async def run(self) -> None:
        """Let the exercise pass to its end, or until it is stopped."""
        await self.director.run(self.end)

    async def close(self) -> None:
        """Send everybody home."""
        await self.director.close()

    async def _step(self, step: Step) -> Steps:
        at = self.director.now
        outcome = await self._stepping.do(step)
        self._course.note("step", at, step=step.step_id, outcome=outcome)
        yield 0.0


def opens_at(blueprint: Blueprint, script: Exercise) -> datetime:
    """Return the time at which the clock of an exercise starts."""
    return begin_of(duty_of(blueprint, script)) - SET_UP


async def _nothing() -> Steps:
    yield 0.0
