"""Settings: one list, read from a TOML file, the environment and the command line, in rising order of weight."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jru.errors import InvalidInput, Problem

CONFIG_VARIABLE = "JRU_CONFIG"
PREFIX = "JRU_"
LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Settings:
    """How one server is run."""

    data: Path = Path("jru-data")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    origins: tuple[str, ...] = ()
    max_streams: int = 1000
    passkey_domain: str = ""
    session_hours: int = 13
    session_idle_minutes: int = 120
    tablet_idle_minutes: int = 30
    push_hosts: tuple[str, ...] = ()
    push_contact: str = ""
    log_level: str = "info"

    @property
    def contact(self) -> str:
        """Return whom a push service writes to: as set, else the first origin, else this machine."""
        encrypted = (origin for origin in self.origins if origin.startswith("https:"))
        return self.push_contact or next(encrypted, "https://localhost")

    @property
    def domain(self) -> str:
        """Return the host name that passkeys hold for: as set, else that of the first origin, else this machine."""
        if self.passkey_domain:
            return self.passkey_domain
        return urlsplit(self.origins[0]).hostname or "localhost" if self.origins else "localhost"


@dataclass(frozen=True, slots=True)
class Setting:
    """One entry of the documented list."""

    name: str
    read: Callable[[object], object]
    default: str
    text: str

    @property
    def variable(self) -> str:
        """Return the environment variable that carries it."""
        return PREFIX + self.name.upper()


def _words(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("must be text")
    return value.strip()


def _some_words(value: object) -> str:
    text = _words(value)
    if not text:
        raise ValueError("must not be empty")
    return text


def _directory(value: object) -> Path:
    return Path(_some_words(str(value) if isinstance(value, Path) else value)).expanduser()


def _database_url(value: object) -> str:
    text = _words(value)
    if text and not re.match(r"(sqlite|postgresql)(\+\w+)?:", text):
        raise ValueError("must begin with sqlite: or postgresql:")
    return text


def _whole_number(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        text = str(value).strip()
        if isinstance(value, bool) or not re.fullmatch(r"\d{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return read


def _origins(value: object) -> tuple[str, ...]:
    given = value.split(",") if isinstance(value, str) else value
    if not isinstance(given, list):
        raise TypeError("must be a list of origins")
    origins = tuple(_words(item).rstrip("/") for item in given if item != "")
    for origin in origins:
        if not re.fullmatch(r"https?://[^/\s]+", origin):
            raise ValueError(f"{origin!r} is no origin such as https://jru.example.police.uk")
    return origins


def _domain(value: object) -> str:
    text = _words(value).lower()
    if text and not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", text):
        raise ValueError("must be a host name such as jru.example.police.uk")
    return text


def _push_hosts(value: object) -> tuple[str, ...]:
    given = value.split(",") if isinstance(value, str) else value
    if not isinstance(given, list):
        raise TypeError("must be a list of host names")
    hosts = tuple(_words(item).lower() for item in given if item != "")
    for host in hosts:
        if not re.fullmatch(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*", host):
            raise ValueError(f"{host!r} is no host name such as fcm.googleapis.com or *.push.apple.com")
    return hosts


def _contact(value: object) -> str:
    text = _words(value)
    if text and not re.fullmatch(r"mailto:[^@\s]+@[\w-]+(\.[\w-]+)+|https://[\w-]+(\.[\w-]+)*", text):
        raise ValueError("must be such as mailto:it@jru.example.police.uk or https://jru.example.police.uk")
    return text


def _log_level(value: object) -> str:
    text = _words(value).lower()
    if text not in LOG_LEVELS:
        raise ValueError("must be one of " + ", ".join(LOG_LEVELS))
    return text


SETTINGS: tuple[Setting, ...] = (
    Setting("data", _directory, "jru-data", "Directory of the database, keys and signed log heads."),
    Setting(
        "database_url",
        _database_url,
        "SQLite inside the data directory",
        "Where the log lives: `sqlite:///PATH` or `postgresql+psycopg://USER@HOST/DATABASE`.",
    ),
    Setting("host", _some_words, "127.0.0.1", "Address to listen on. Flag: `--host`."),
    Setting(
        "port", _whole_number(0, 65535), "8080", "Port to listen on; 0 takes a free one. Flag: `--port`."
    ),
    Setting(
        "origins",
        _origins,
        "none",
        "Origins, separated by commas, under which browsers reach the server through a proxy. "
        "On a loopback address only loopback names are served besides these.",
    ),
    Setting(
        "max_streams",
        _whole_number(1, 100_000),
        "1000",
        "Live streams open at once; one more is told to wait.",
    ),
    Setting(
        "passkey_domain",
        _domain,
        "host of the first origin, else localhost",
        "Host name that passkeys hold for. Passkeys made for one name do not work under another.",
    ),
    Setting(
        "session_hours",
        _whole_number(1, 24),
        "13",
        "How long somebody stays signed in: a duty and an hour. A tablet's PIN ends with the duty.",
    ),
    Setting(
        "session_idle_minutes",
        _whole_number(5, 1440),
        "120",
        "How long somebody stays signed in without doing anything.",
    ),
    Setting(
        "tablet_idle_minutes",
        _whole_number(1, 1440),
        "30",
        "The same on the tablet of a vehicle, which the next PIN opens again.",
    ),
    Setting(
        "push_hosts",
        _push_hosts,
        "none",
        "Push services, separated by commas, through which pages that are not in front may be told; "
        "`*.` stands for every name below. None: nobody is told.",
    ),
    Setting(
        "push_contact",
        _contact,
        "the first https origin",
        "Whom a push service writes to about this server: `mailto:` or `https:`.",
    ),
    Setting("log_level", _log_level, "info", "How much is logged: debug, info, warning or error."),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


def load_settings(
    environment: Mapping[str, str], file: Path | None = None, flags: Mapping[str, object] | None = None
) -> Settings:
    """Return the settings from `file` (or the one that JRU_CONFIG names), the environment and flags.

    A flag of None counts as not given. Raises InvalidInput with every problem and its place.
    """
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    path = file or (Path(environment[CONFIG_VARIABLE]) if environment.get(CONFIG_VARIABLE) else None)
    if path is not None:
        _take_file(path, values, problems)
    _take_environment(environment, values, problems)
    for name, value in (flags or {}).items():
        if value is not None:
            _take(_BY_NAME[name], value, "--" + name.replace("_", "-"), values, problems)
    if problems:
        raise InvalidInput(
            "settings.invalid",
            "The settings cannot be used.",
            "Correct them; docs/reference/configuration.md has the list.",
            problems=problems,
        )
    return Settings(**values)


def _take(
    setting: Setting, value: object, where: str, values: dict[str, Any], problems: list[Problem]
) -> None:
    try:
        values[setting.name] = setting.read(value)
    except (ValueError, TypeError) as error:
        problems.append(Problem(where, f"{setting.name} {error}"))


def _take_file(path: Path, values: dict[str, Any], problems: list[Problem]) -> None:
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(Problem(str(path), f"cannot be read: {error}"))
        return
    for key, value in table.items():
        where = f"{path}:{_line_of(key, text)}"
        if key in _BY_NAME:
            _take(_BY_NAME[key], value, where, values, problems)
        else:
            problems.append(Problem(where, f"unknown setting {key!r}", _nearest(key, list(_BY_NAME))))


def _take_environment(
    environment: Mapping[str, str], values: dict[str, Any], problems: list[Problem]
) -> None:
    variables = {setting.variable: setting for setting in SETTINGS}
    for variable, value in environment.items():
        if variable in variables:
            _take(variables[variable], value, variable, values, problems)
        elif variable.startswith(PREFIX) and variable != CONFIG_VARIABLE:
            hint = _nearest(variable.removeprefix(PREFIX).lower(), list(_BY_NAME))
            if hint:  # a slip of the pen; other JRU_ variables belong to other programs
                problems.append(Problem(variable, "unknown setting", hint))


def _line_of(key: str, text: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"""\s*[\["']*{re.escape(key)}\b""", line):
            return number
    return 1


def _nearest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    return f"did you mean {close[0]}?" if close else ""
