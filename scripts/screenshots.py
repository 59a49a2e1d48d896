"""Make the pictures of the documentation: one demo night, stopped in its busiest quarter of an hour.

    python scripts/screenshots.py [--out docs/pictures] [--seed 3] [--every build/screens]

The night is the simulated one of `jru demo`. At 23:20 both desks are left, so that work piles up; at 23:41 the
simulation ends and the pictures are taken from the running server, at its own screens. Nights on which too little
happens for the pictures are passed over. With `--every`, every screen is taken too, by day and by night, to be looked
at (`make screens`). Needs Chromium and a built front end (`make run` builds it). Prints what
stood on the board and the size of each file.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from jru.config import Settings
from jru.demo.show import Programme, Show
from jru.domain.agency import Agency
from jru.web.server import serving
from scripts import chromium, screens
from scripts.studio import SMALL, WALL, Room, Row, Studio, go_to

ROOT = Path(__file__).parents[1]
DAY, DESKS_LEFT, PICTURE = date(2019, 8, 16), time(23, 20), time(23, 41)
LONDON = ZoneInfo("Europe/London")
LEAST = {"waiting": 12, "active": 6, "overdue": 1, "matches": 1, "to offer": 1}
CLEAR_MATCH = 0.85
NIGHTS = 20


def to_offer(room: Room) -> list[tuple[float, str, Row, str]]:
    """Return score, number and row of what a unit can well be sent to, with its call sign; the best first."""
    found = []
    for row in room.rows("waiting"):
        fresh = not row["resources"] and not row["waits"]
        if not fresh or row["suitability"]["verdict"] != "yes" or len(row["visible_to"]) < 2:
            continue
        first = next(iter(room.read(f"/incidents/{row['id']}/recommendation")["units"]), None)
        if first and first["can_offer"] and not any(one["blocks"] for one in first["shortfalls"]):
            found.append((row["suitability"]["score"], row["number"], row, first["call_sign"]))
    return sorted(found, key=lambda one: one[:2], reverse=True)


def clear_matches(room: Room) -> list[Row]:
    """Return incidents whose match nobody has decided, the clearest first; both sides are shown to the room."""
    rows = [*room.rows("waiting"), *room.rows("active")]
    shown = {row["id"] for row in rows}
    clear = [
        row
        for row in rows
        if any(one["other_id"] in shown and one["score"] >= CLEAR_MATCH for one in row["matches"])
    ]
    return sorted(clear, key=lambda row: (-row["matches"][0]["score"], row["number"]))


def count(room: Room) -> dict[str, int]:
    """Return what stands on a room's board."""
    waiting, active, now = room.rows("waiting"), room.rows("active"), room.now()
    overdue = [row for row in (*waiting, *active) if row["due"]["red_at"] and row["due"]["red_at"] <= now]
    return {
        "waiting": len(waiting),
        "active": len(active),
        "overdue": len(overdue),
        "matches": len(clear_matches(room)),
        "to offer": len(to_offer(room)),
    }


def rooms_pictures(studio: Studio, police: Room) -> tuple[Page, Row, str]:
    """Take the pictures of both rooms; return the police desk, the incident in hand and the unit for it."""
    _, _, row, call_sign = to_offer(police)[0]
    desk = studio.desk("police_dispatcher", "dark", WALL)
    go_to(desk, row["number"])
    desk.keyboard.press("1")
    desk.locator("[data-armed]").wait_for()
    studio.take(desk, "police-dark")

    other = studio.desk("ambulance_dispatcher", "light", WALL)
    go_to(other, row["number"])
    studio.take(other, "ambulance-light")

    go_to(desk, clear_matches(police)[0]["number"])
    desk.keyboard.press("m")
    desk.locator("[data-match-review]").wait_for()
    studio.take(desk, "match-review")
    return desk, row, call_sign


def hold_picture(studio: Studio, police: Room, row: Row) -> None:
    """Report a knife and take the picture of the small screen with the verdict it brings."""
    police.do(f"/incidents/{row['id']}/hazards", {"code": "weapon", "note": "knife seen by the caller"})
    small = studio.desk("ambulance_dispatcher", "dark", SMALL)
    go_to(small, row["number"])
    small.locator("[data-verdict=hold]").wait_for()
    studio.take(small, "hold-at-rvp")


def crew_pictures(studio: Studio, desk: Page, row: Row, call_sign: str) -> None:
    """Offer by keyboard, and follow the crew to the rendezvous point."""
    crew = studio.seat("constable", call_sign, "dark")
    paramedic = studio.seat("paramedic", call_sign, "light")
    go_to(desk, row["number"])
    desk.keyboard.press("1")
    desk.locator("[data-armed]").wait_for()
    desk.keyboard.press("Enter")
    crew.locator("[data-offer]").wait_for()
    studio.take(crew, "crew-offer")
    crew.locator("[data-accept]").click()
    crew.locator("[data-next=mobile]").click()
    paramedic.locator("[data-next=rvp]").wait_for()
    studio.take(paramedic, "crew-job")


def oversight_pictures(studio: Studio, police: Room, row: Row) -> None:
    """Open restricted fields and take the pictures of the review queue and of who can see what."""
    reason = "crew asks for known allergies, the patient cannot speak"
    police.do(f"/incidents/{row['id']}/glass", {"labels": ["clinical"], "reason": reason})
    officer = studio.officer(Agency.AMBULANCE, "dark")
    officer.locator("[data-opening]").wait_for()
    studio.take(officer, "review-queue")
    other = studio.officer(Agency.POLICE, "light")
    other.locator("[data-page=access]").click()
    other.locator("[data-desk=access]").wait_for()
    studio.take(other, "who-can-see-what")


def map_picture(studio: Studio) -> None:
    """Take the picture of the map in a window of its own."""
    page = studio.desk("police_dispatcher", "dark", {"width": 1200, "height": 800})
    page.goto(f"{studio.url}/console#map")
    page.reload()
    page.locator("[data-drawn]").wait_for()
    studio.take(page, "map")


def leave_desks(show: Show) -> None:
    """Let both dispatchers of the simulation go home before the picture."""

    async def steps() -> AsyncGenerator[float, None]:
        for agency in Agency:
            show.night.director.take_over(f"{agency}_dispatcher")
        return
        yield

    moment = datetime.combine(DAY, DESKS_LEFT, LONDON)
    show.night.director.start_at(steps(), "desks are left", moment)


def photograph(show: Show, out: Path, every: Path | None) -> bool:
    """Take all pictures of a show that has come to its moment; False when too little is on the board."""
    show.clock.set_rate(1)
    with serving(show.system.app) as url, sync_playwright() as playwright:
        police = Room(show, url, Agency.POLICE)
        found = count(police)
        print(", ".join(f"{number} {name}" for name, number in found.items()))
        if enough := all(found[name] >= least for name, least in LEAST.items()):
            path, arguments = chromium.find(), chromium.launch_arguments()
            browser = playwright.chromium.launch(executable_path=path, args=arguments)
            studio = Studio(browser, browser.new_page(), url, out)
            studio.take(studio.open("light", SMALL), "landing")
            desk, row, call_sign = rooms_pictures(studio, police)
            map_picture(studio)
            hold_picture(studio, police, row)
            crew_pictures(studio, desk, row, call_sign)
            oversight_pictures(studio, police, row)
            studio.take(screens.wall(studio), "wall")
            if every is not None:
                screens.walk(replace(studio, out=every), police, row["number"], call_sign)
            browser.close()
        police.close()
    show.clock.set_rate(0)
    return enough


def play(seed: int, out: Path, every: Path | None) -> bool:
    """Play a night up to its moment and photograph it."""
    print(f"night {seed}: ", end="", flush=True)
    with tempfile.TemporaryDirectory(prefix="jru-pictures-") as directory:
        show = Show(Programme(DAY, seed, time(18), time(2), 1.0, PICTURE), Settings(data=Path(directory)))
        try:
            leave_desks(show)
            show.run_up()
            return photograph(show, out, every)
        finally:
            show.close()


def main() -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(description="Make the pictures of the documentation.")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--seed", type=int, default=3, help="the first night to try")
    parser.add_argument("--every", type=Path, help="take every screen, too, into this folder")
    chosen = parser.parse_args()
    if chromium.find() is None:
        raise SystemExit(chromium.REMEDY)
    for folder in filter(None, (chosen.out, chosen.every)):
        folder.mkdir(parents=True, exist_ok=True)
    if not any(play(seed, chosen.out, chosen.every) for seed in range(chosen.seed, chosen.seed + NIGHTS)):
        raise SystemExit(f"none of {NIGHTS} nights has what the pictures need: {LEAST}")


if __name__ == "__main__":
    main()
