"""The one place that knows every adapter: it puts the product together."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from fastapi import FastAPI

from jru.blueprints import embedded_blueprint
from jru.clock import Clock, Random, SystemClock, SystemRandom
from jru.config import Settings
from jru.domain.agency import Agency, Role
from jru.domain.blueprint_parsing import parse_blueprint
from jru.domain.codec import from_us
from jru.durable import secret_file
from jru.errors import InvalidInput
from jru.exchange.oidc.client import OidcDirectory
from jru.geo.area import Area, load_embedded_area
from jru.geo.gazetteer import load_embedded_gazetteer
from jru.geo.grid import cell_of
from jru.geo.nomap import NoMapRouter
from jru.geo.travel import Router, load_embedded_router
from jru.services.alert_records import NoPush, PushService
from jru.services.auditing import Auditing
from jru.services.board import Board
from jru.services.consequences import Consequences
from jru.services.governing import adopt_blueprint
from jru.services.ground import Ground
from jru.services.identity import Identity, IdentityPorts
from jru.services.ports import EVERYTHING, Head, Payloads, StoredEvent, TravelTime
from jru.services.push_book import PushPorts
from jru.services.reading import part_content
from jru.services.recorder import Recorder
from jru.services.records import default_gate
from jru.services.session_book import SessionRules
from jru.services.system import Maps, Services
from jru.services.vault import Vault
from jru.store.opening import ReadStore, Store, open_store
from jru.store.past_records import SqlPastRecords
from jru.store.patient_records import PatientRecords
from jru.store.payloads import OperationalRecords
from jru.store.police_records import PoliceRecords
from jru.web.app import create_app

PAYLOAD_STORES = (OperationalRecords, PoliceRecords, PatientRecords)
DATABASE_FILE = "jru.db"
EXERCISE_FILE = "EXERCISE"
EXERCISE_WORDS = (
    "SYNTHETIC EXERCISE: invented people and events. `jru serve` opens nothing below this directory.\n"
)
KEY_BYTES = 32
TRAVEL_LIMIT_S = 3600.0


class SivSeal:
    """Seals numbers with AES-SIV (RFC 5297): deterministic, so that one record has one token, and unforgeable."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._cipher = AESSIV(key)

    def seal(self, purpose: str, number: int) -> str:
        """Return an opaque token."""
        raw = self._cipher.encrypt(number.to_bytes(8, "big"), [purpose.encode()])
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    def unseal(self, purpose: str, token: str) -> int:
        """Return the number; raises ValueError for a token that was not made with this key and purpose."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            return int.from_bytes(self._cipher.decrypt(raw, [purpose.encode()]), "big")
        except (InvalidTag, ValueError, TypeError, UnicodeEncodeError) as error:
            raise ValueError("not a token of this system") from error

    def derive(self, purpose: str) -> bytes:
        """Return the 32 bytes that belong to a purpose, by HKDF (RFC 5869)."""
        return HKDF(SHA256(), 32, salt=None, info=f"jru {purpose}".encode()).derive(self._key)


@dataclass(frozen=True, slots=True)
class RoadTimes:
    """Travel times of the schematic network; beyond its reach, an estimate without a map that says so."""

    router: Router
    nomap: NoMapRouter

    def times_to(
        self, target: tuple[float, float], origins: Sequence[tuple[float, float]]
    ) -> Sequence[TravelTime]:
        """Return the blue-light travel time from each origin to the target."""
        router = self.router if self.router.covers(target) else self.nomap
        found = router.etas_to(target, list(origins), limit_s=TRAVEL_LIMIT_S)
        return [TravelTime(t.eta_s, t.distance_m, t.method, t.beyond_limit) for t in found]


@dataclass(frozen=True, slots=True)
class DistrictAreas:
    """Districts by outline, cells by grid."""

    area: Area

    def district_of(self, lon: float, lat: float) -> str | None:
        """Return the district that holds a point."""
        return self.area.district_of(lon, lat)

    def cell_of(self, lon: float, lat: float) -> str:
        """Return the coarse cell of a point."""
        return cell_of(lon, lat)


@dataclass(slots=True)
class System:
    """The whole product, opened. Close it to sign the head and let another process have the log."""

    services: Services
    store: Store
    app: FastAPI
    clock: Clock
    random: Random
    router: Router
    past_records: SqlPastRecords

    def issue_token(self, role: Role, agency: Agency, unit_id: str | None = None) -> str:
        """Return a new bearer token."""
        return self.services.issue_token(role, agency, unit_id)

    def tick(self) -> None:
        """Do what the time asks for."""
        self.services.tick()

    def next_timer(self) -> datetime | None:
        """Return when `tick` next has something to do."""
        return self.services.next_timer()

    def head(self) -> Head:
        """Return where the log ends."""
        return self.store.log.head()

    def close(self) -> None:
        """End it in order."""
        self.store.close()


def mark_exercise(directory: Path) -> None:
    """Make a directory, or an empty one, a place for exercises; raises InvalidInput when it holds anything else."""
    if (directory / EXERCISE_FILE).is_file():
        return
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise InvalidInput(
            "exercise.not_an_exercise",
            f"{directory} holds something that is no exercise; nothing in it was changed.",
            "Name a new or an empty directory with --data.",
        )
    directory.mkdir(parents=True, exist_ok=True)
    (directory / EXERCISE_FILE).write_text(EXERCISE_WORDS, encoding="utf-8")


def check_kind(directory: Path, *, exercise: bool) -> None:
    """Raise InvalidInput unless a directory is of the kind that is wanted: below a mark everything is an exercise."""
    there = directory.absolute()
    marked = any((place / EXERCISE_FILE).is_file() for place in (there, *there.parents))
    if marked and not exercise:
        raise InvalidInput(
            "data.exercise",
            f"{directory} belongs to exercises; it was not opened as live data.",
            "Name another directory with --data, or start `jru exercise`.",
        )
    if exercise and not marked:
        raise InvalidInput("exercise.not_marked", f"{directory} is not marked as an exercise.")


def database_url(settings: Settings) -> str:
    """Return the configured database, or the SQLite file in the data directory."""
    return settings.database_url or f"sqlite:///{(settings.data / DATABASE_FILE).absolute()}"


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    random: Random | None = None,
    demo: bool = False,
    exercise: bool = False,
    auto_upgrade: bool | None = None,
    blueprint_text: str | None = None,
) -> System:
    """Open the store, load the board and put the application together; a new directory gets the embedded scheme.

    Raises Conflict when another process holds the data or the schema is older than the program, and InvalidInput when
    an exercise is to be opened as live data, or live data as an exercise.
    """
    check_kind(settings.data, exercise=exercise)
    clock = clock or SystemClock()
    random = random or SystemRandom()
    new = not settings.database_url and not (settings.data / DATABASE_FILE).exists()
    upgrade = (new or demo) if auto_upgrade is None else auto_upgrade
    store = open_store(
        database_url(settings),
        settings.data,
        clock,
        random,
        PAYLOAD_STORES,
        auto_upgrade=upgrade,
    )
    try:
        text = blueprint_text or embedded_blueprint()
        return _assemble(settings, store, clock, random, text, demo=demo, exercise=exercise)
    except BaseException:
        store.close()
        raise


def _assemble(
    settings: Settings,
    store: Store,
    clock: Clock,
    random: Random,
    blueprint_text: str,
    *,
    demo: bool,
    exercise: bool,
) -> System:
    board = opened_board(store, clock.now())
    auditing = Auditing(store.access_log, store.spool, board, clock)
    router = load_embedded_router()
    ground = Ground(
        log=store.log,
        board=board,
        recorder=Recorder(store.log, board, auditing, clock, random.child("ids")),
        consequences=Consequences(board),
        gate=default_gate(),
        auditing=auditing,
        positions=store.positions,
        quarantine=store.quarantine,
        tokens=store.tokens,
        roads=RoadTimes(router, NoMapRouter()),
        areas=DistrictAreas(load_embedded_area()),
        clock=clock,
        random=random.child("numbers"),
    )
    for position in store.positions.latest().values():
        board.place_unit(position)
    gazetteer = load_embedded_gazetteer(router.graph)
    services = Services(
        ground=ground,
        payloads=dict(store.payloads),
        holdings=store.holdings,
        register=store.register,
        seals=SivSeal(_key(settings.data / "keys" / "seal.key", random)),
        maps=Maps(
            roads=router.geojson,
            districts=_districts,
            search=lambda text: [found._asdict() for found in gazetteer.search(text)],
        ),
        identity=Identity.over(
            _identity_ports(settings, store, random), board, clock, random.child("identity")
        ),
        demo=demo,
        synthetic=demo,
        clock=clock,
        random=random.child("web"),
        exercise=exercise,
        push_ports=PushPorts(store.subscriptions, _push_service(settings, random.child("push"))),
    )
    if not board.scheme.adopted:
        adopt_blueprint(ground, blueprint_text, parse_blueprint, clock.now())
    app = create_app(services, settings)
    return System(services, store, app, clock, random, router, SqlPastRecords(store.engine, store.writer))


def _identity_ports(settings: Settings, store: Store, random: Random) -> IdentityPorts:
    key = _key(settings.data / "keys" / "identity.key", random.child("identity"))
    return IdentityPorts(
        store.accounts,
        store.login_sessions,
        store.devices,
        Vault(key, random.child("vault")),
        OidcDirectory(SystemClock(), settings.data / "keys"),
        settings.domain,
        SessionRules(
            idle=timedelta(minutes=settings.session_idle_minutes),
            tablet_idle=timedelta(minutes=settings.tablet_idle_minutes),
            absolute=timedelta(hours=settings.session_hours),
        ),
    )


def _push_service(settings: Settings, random: Random) -> PushService:
    """Return the push services with this installation's key pair, made the first time; raises OpenSecret."""
    if not settings.push_hosts:
        return NoPush()
    from jru.exchange.webpush.service import WebPush, new_key  # what seals takes time to load

    key = secret_file(settings.data / "keys" / "push.pem", lambda: new_key(random))
    return WebPush(key, settings.contact, settings.push_hosts, SystemClock(), random)


def opened_board(store: ReadStore, now: datetime) -> Board:
    """Return the state of now, read from a store."""
    payloads: dict[str, Payloads] = dict(store.payloads)

    def contents(event: StoredEvent, number: int) -> dict[str, Any] | None:
        return part_content(payloads, event, number, EVERYTHING)

    start = max(now, from_us(store.log.head().recorded_at_us))
    board = Board(store.log, contents, parse_blueprint, start)
    board.load()
    return board


def adopt_into(system: System, text: str) -> str:
    """Put a blueprint version into force in an opened system; return the sentence that says so."""
    return adopt_blueprint(system.services.ground, text, parse_blueprint, system.clock.now()).told


def _districts() -> dict[str, Any]:
    path = resources.files("jru.blueprints") / "north_kent" / "districts.geojson"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _key(path: Path, random: Random) -> bytes:
    """Return a key of this installation, made the first time; raises OpenSecret."""
    return secret_file(path, lambda: random.child("seal").bytes(KEY_BYTES))
