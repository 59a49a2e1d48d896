"""The whole product outside demo mode, with people who sign in over HTTP as browsers do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from jru.bootstrap import System, build
from jru.clock import SeededRandom, VirtualClock
from jru.config import Settings
from jru.domain.agency import Agency, Employment, Role
from tests.identity.authenticator import Authenticator, code_now

START = datetime(2019, 8, 16, 21, 0, tzinfo=UTC)
PASSWORD = "copper teapot marches slowly"
SEATS = (
    ("police_driver", "police", "special_constable", ["response_driver", "personal_safety", "jru_course"]),
    ("police_second", "police", "special_constable", ["personal_safety", "jru_course"]),
    ("paramedic", "ambulance", "paramedic", ["paramedic_registration", "conflict_resolution", "jru_course"]),
)


def opened(
    directory: Path, clock: VirtualClock | None = None, *, demo: bool = False, **settings: Any
) -> System:
    """Return the product with a clock that stands still."""
    return build(
        Settings(data=directory, **settings),
        clock=clock or VirtualClock(START),
        random=SeededRandom("identity"),
        demo=demo,
    )


@dataclass
class Browser:
    """One person's browser: cookies, and the headers that browsers and our pages send."""

    url: str
    address: str = "192.0.2.7"
    client: httpx.Client = field(init=False)
    keys: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=f"{self.url}/api/v1", timeout=20)

    def headers(self) -> dict[str, str]:
        """Return what every request carries; the proxy in front tells the address."""
        port = self.url.rpartition(":")[2]
        return {
            "x-requested-with": "jru",
            "origin": f"http://localhost:{port}",
            "host": f"localhost:{port}",
            "x-forwarded-for": self.address,
            "idempotency-key": f"key-{id(self)}-{next(self.keys)}",
        }

    @property
    def origin(self) -> str:
        """Return the origin of this browser's pages."""
        return self.headers()["origin"]

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        """Send a request of one of our pages."""
        return self.client.post(path, json=body, headers=self.headers() | headers)

    def did(self, path: str, body: object) -> dict[str, Any]:
        """Send a request that must succeed."""
        answer = self.post(path, body)
        assert answer.status_code in (200, 201), f"{path}: {answer.status_code} {answer.text}"
        told: dict[str, Any] = answer.json()
        return told

    def get(self, path: str) -> httpx.Response:
        """Look."""
        return self.client.get(path, headers=self.headers())

    def me(self) -> dict[str, Any] | None:
        """Return who is signed in here."""
        viewer: dict[str, Any] | None = self.get("/session").json()["viewer"]
        return viewer

    @property
    def secret(self) -> str:
        """Return the session's secret in the cookie jar."""
        return self.client.cookies.get("jru_session") or ""


@dataclass
class Person:
    """Somebody with an account."""

    name: str
    account_id: str
    app_secret: str = ""
    passkey: Authenticator | None = None


class Place:
    """The served product and its people."""

    def __init__(self, system: System, url: str, clock: VirtualClock) -> None:
        self.system = system
        self.url = url
        self.clock = clock
        self._open: list[Browser] = []

    def new_name(self, name: str) -> str:
        """Return a name that nobody has yet."""
        return f"{name}.{len(self._open)}"

    def close(self) -> None:
        """Close every browser."""
        for browser in self._open:
            browser.client.close()

    def browser(self, address: str = "192.0.2.7") -> Browser:
        """Open a new browser."""
        self._open.append(Browser(self.url, address))
        return self._open[-1]

    def invite(self, name: str, agency: Agency, *roles: Role, full_name: str = "") -> tuple[str, str]:
        """Make an account at the shell; return its id and set-up secret."""
        jobs = [Employment(agency, role) for role in roles]
        invited = self.system.services.identity.accounts.create(
            None, name, full_name or f"{name} Example", jobs
        )
        return invited.account.account_id, invited.setup_secret

    def with_password(self, name: str, agency: Agency, *roles: Role, full_name: str = "") -> Person:
        """Return somebody who has set up password and app."""
        account_id, secret = self.invite(name, agency, *roles, full_name=full_name)
        browser = self.browser()
        begun = browser.did("/session/setup", {"name": name, "secret": secret})
        app = browser.did("/session/setup/password", {"ticket": begun["ticket"], "password": PASSWORD})
        code = code_now(app["secret"], self.clock)
        browser.did("/session/setup/code", {"ticket": app["ticket"], "code": code})
        self.clock.advance(60)
        return Person(name, account_id, app_secret=app["secret"])

    def with_passkey(self, name: str, agency: Agency, *roles: Role, full_name: str = "") -> Person:
        """Return somebody who has set up a passkey."""
        account_id, secret = self.invite(name, agency, *roles, full_name=full_name)
        browser = self.browser()
        begun = browser.did("/session/setup", {"name": name, "secret": secret})
        asked = browser.did("/session/setup/passkey/options", {"ticket": begun["ticket"]})
        passkey = Authenticator(origin=browser.origin, key_id=f"passkey of {name}".encode())
        body = {"ticket": asked["ticket"], "label": "Phone", "credential": passkey.make(asked["options"])}
        browser.did("/session/setup/passkey", body)
        return Person(name, account_id, passkey=passkey)

    def try_password(self, browser: Browser, name: str, password: str, code: str) -> httpx.Response:
        """Go through both steps; return the last answer."""
        first = browser.post("/session/password", {"name": name, "password": password})
        if first.status_code != 200:
            return first
        return browser.post("/session/code", {"ticket": first.json()["ticket"], "code": code})

    def sign_in(self, person: Person, browser: Browser | None = None) -> Browser:
        """Sign somebody in, with a passkey where they have one."""
        browser = browser or self.browser()
        if person.passkey is not None:
            asked = browser.did("/session/passkey/options", {})
            credential = person.passkey.use(asked["options"])
            browser.did("/session/passkey", {"ticket": asked["ticket"], "credential": credential})
        else:
            self.clock.advance(60)
            code = code_now(person.app_secret, self.clock)
            answer = self.try_password(browser, person.name, PASSWORD, code)
            assert answer.status_code == 200, answer.text
        return browser

    def put_on_duty(self, *names: str) -> str:
        """Book JR01 on with people of these names in its seats; return the unit's id."""
        seats = [
            {"seat": seat, "agency": agency, "role": role, "name": name, "qualifications": held}
            for (seat, agency, role, held), name in zip(SEATS, names, strict=True)
        ]
        unit = {
            "call_sign": "JR01",
            "vehicle_id": "JR01",
            "district": "medway",
            "seats": seats,
            "duty_start": "2019-08-16T17:00:00Z",
            "duty_end": "2019-08-17T01:00:00Z",
        }
        token = self.system.issue_token(Role.POLICE_DISPATCHER, Agency.POLICE)
        answer = httpx.post(
            f"{self.url}/api/v1/units",
            json=unit,
            headers={"authorization": f"Bearer {token}", "idempotency-key": "book-on"},
            timeout=20,
        )
        assert answer.status_code == 201, answer.text
        unit_id: str = answer.json()["outcome"]["unit_id"]
        return unit_id

    def seat(self, unit_id: str, name: str) -> None:
        """Let the police room give a person the driver's seat of a unit."""
        seat, agency, role, held = SEATS[0]
        token = self.system.issue_token(Role.POLICE_DISPATCHER, Agency.POLICE)
        answer = httpx.post(
            f"{self.url}/api/v1/units/{unit_id}/seats/fill",
            json={
                "seat": {"seat": seat, "agency": agency, "role": role, "name": name, "qualifications": held}
            },
            headers={"authorization": f"Bearer {token}", "idempotency-key": f"seat-{name.replace(' ', '-')}"},
        )
        assert answer.is_success, answer.text
