"""One exercise before people: played in a thread of its own while the server lets them in."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Final

import httpx
import structlog

from jru.clock import Random
from jru.config import Settings
from jru.demo.api import Row
from jru.demo.exercise.keeping import save
from jru.demo.exercise.rehearsal import FINISHED, Rehearsal
from jru.demo.taking_over import TakingOver
from jru.demo.transport import DirectTransport, SocketTransport
from jru.domain.agency import Agency
from jru.domain.exercise import Exercise, Part
from jru.domain.exercise_judging import clock
from jru.errors import JruError
from jru.web.hall import Indoors

TIMEOUT_S: Final = 30.0
STOPPED_HERE: Final = "The server was stopped before its end."
BROKE_OFF: Final = "It broke off by a fault of the program, which is in the server's log."
_LETTERS: Final = "ACDEFHJKMNPRTWXY34679"
_CODE_LENGTH: Final = 6
_log = structlog.get_logger("jru.exercise")


class Performance:
    """One run of a script with people in some parts."""

    def __init__(
        self,
        directory: Path,
        script: Exercise,
        people: frozenset[Part],
        pace: float,
        seed: int,
        settings: Settings,
        indoors: Indoors,
        address: str,
        random: Random,
    ) -> None:
        """`pace` is seconds of the exercise in a second; the machine speaks to the server at `address`."""
        self.directory = directory
        self.over = False
        self._script = script
        self._people = people
        self._pace = pace
        self._seed = seed
        self._settings = settings
        self._indoors = indoors
        self._address = address
        self._seats = _seats(people, random)
        self._phase = "setting_up"
        self._how = FINISHED
        self._joined: set[str] = set()
        self._rehearsal: Rehearsal | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._asked = threading.Event()
        self._thread = threading.Thread(target=self._conduct, name="jru-exercise")

    def begin(self) -> None:
        """Set it up and play it, beside whoever calls."""
        self._thread.start()

    def _conduct(self) -> None:
        try:
            with asyncio.Runner() as runner:
                self._loop = runner.get_loop()
                runner.run(self._perform())
        except JruError as error:
            self._fail(error.message, error)
        except Exception as error:  # noqa: BLE001 - the space goes on after any fault of one exercise
            self._fail(BROKE_OFF, error)
        finally:
            self.over = True

    def _fail(self, words: str, error: Exception) -> None:
        _log.error(
            "exercise broke off", run=self.directory.name, error=type(error).__qualname__, exc_info=error
        )
        self._phase, self._how = "failed", words
        if self._rehearsal is not None:
            self._rehearsal.over(words)

    async def _perform(self) -> None:
        rehearsal = Rehearsal(
            self.directory, self._script.exercise_id, self._seed, self._people, self._settings
        )
        self._rehearsal = rehearsal
        director = rehearsal.play.director
        rehearsal.system.app.add_middleware(TakingOver, take=director.take_over, give=director.hand_back)
        try:
            await rehearsal.play.set_up()
            rehearsal.clock.set_rate(self._pace)
            await asyncio.to_thread(self._indoors.enter, rehearsal.system.app)
            self._phase = "running"
            async with httpx.AsyncClient(base_url=self._address, timeout=TIMEOUT_S) as client:
                rehearsal.switch.line = SocketTransport(client)
                await self._until_stopped(rehearsal)
            rehearsal.switch.line = DirectTransport(rehearsal.system.app)
        finally:
            rehearsal.clock.set_rate(0)
            await rehearsal.play.close()
        rehearsal.over(self._how)
        save(self.directory, rehearsal.debrief())
        self._phase = "over"

    async def _until_stopped(self, rehearsal: Rehearsal) -> None:
        playing = asyncio.create_task(rehearsal.play.run())
        stopped = asyncio.create_task(self._stop.wait())
        if self._asked.is_set():
            self._stop.set()
        await asyncio.wait((playing, stopped), return_when=asyncio.FIRST_COMPLETED)
        if playing.done():
            playing.result()
        playing.cancel()
        stopped.cancel()
        await asyncio.gather(playing, stopped, return_exceptions=True)

    def pause(self, *, paused: bool) -> None:
        """Let the clock stand still, or go on at the pace of before."""
        rehearsal = self._rehearsal
        if rehearsal is None or self._phase not in ("running", "paused"):
            return
        rehearsal.play.director.paused = True
        rehearsal.clock.set_rate(0 if paused else self._pace)
        rehearsal.play.director.paused = paused
        self._phase = "paused" if paused else "running"

    def end(self, how: str) -> None:
        """End it now and wait until its debrief is kept."""
        self._how = how
        self._asked.set()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def close(self) -> None:
        """End it if it runs, and close its product."""
        if not self.over:
            self.end(STOPPED_HERE)
        self._thread.join()
        self._indoors.enter(None)
        if self._rehearsal is not None:
            self._rehearsal.close()

    def join(self, code: str) -> Row | None:
        """Return the role behind a code, or None."""
        seat = self._seats.get(code)
        if seat is None or self._rehearsal is None:
            return None
        self._joined.add(code)
        return {**seat, "unit": self._rehearsal.play.unit if seat["part"] == Part.CREW else None}

    def row(self) -> Row:
        """Return how far it is, for the page of exercises."""
        rehearsal = self._rehearsal
        elapsed_s, told = 0, []
        if rehearsal is not None and self._phase != "setting_up":
            play = rehearsal.play
            elapsed_s = max(0, round((min(rehearsal.clock.now(), play.end) - play.begin).total_seconds()))
            steps = rehearsal.course.steps()
            told = [self._told(step_id, line) for step_id, line in steps.items()]
        return {
            "phase": self._phase,
            "run": self.directory.name,
            "exercise": self._script.exercise_id,
            "title": self._script.title,
            "given": self._script.given,
            "pace": self._pace,
            "elapsed_s": elapsed_s,
            "length_s": self._script.minutes * 60,
            "how": self._how if self._phase in ("over", "failed") else None,
            "parts": [
                {"part": part.value, "by_people": part in self._people, "aim": self._script.aims[part]}
                for part in Part
            ],
            "seats": [
                {"code": code, **seat, "joined": code in self._joined} for code, seat in self._seats.items()
            ],
            "told": told,
        }

    def _told(self, step_id: str, line: Row) -> Row:
        step = self._script.step(step_id)
        return {
            "step": step_id,
            "offset": clock(step.at_s),
            "to": step.by.value,
            "words": step.told,
            "outcome": line["outcome"],
        }


def _seats(people: frozenset[Part], random: Random) -> dict[str, Row]:
    """Return what people may sit down at, each under a code that is easy to read out."""
    seats: list[Row] = []
    for part in sorted(people):
        if part.agency is not None:
            seats.append({"part": part.value, "role": f"{part.agency}_dispatcher", "page": "/console"})
        else:
            seats += [
                {"part": part.value, "role": role, "page": "/crew"} for role in ("constable", "paramedic")
            ]
    agencies = {"constable": Agency.POLICE, "paramedic": Agency.AMBULANCE}
    return {
        "".join(random.choice(_LETTERS) for _ in range(_CODE_LENGTH)): {
            **seat,
            "agency": (Part(seat["part"]).agency or agencies[seat["role"]]).value,
        }
        for seat in seats
    }
