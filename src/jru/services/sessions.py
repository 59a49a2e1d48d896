"""Who is behind a secret: access tokens for programs, login sessions for people; demo roles in demo mode only."""

from __future__ import annotations

import threading
from datetime import timedelta

from jru.domain.agency import Agency, Role
from jru.errors import Forbidden, InvalidInput

from .access import Viewer
from .grants import RIGHTS, role_words
from .ground import Ground
from .ports import AccessToken
from .records import Row
from .secrets import hashed, new_secret

SESSION_LIFE = timedelta(hours=13)
DEMO_ROLES = (
    Role.POLICE_DISPATCHER,
    Role.AMBULANCE_DISPATCHER,
    Role.CONSTABLE,
    Role.PARAMEDIC,
    Role.DUTY_SUPERVISOR,
    Role.PRIVACY_OFFICER,
    Role.PERFORMANCE_ANALYST,
)
"""The roles that a visitor of the demonstration may take."""

_OF_EACH = frozenset({Role.PRIVACY_OFFICER})
"""Those that can be taken in either service; of the others without a service of their own, the police's."""

_PLACES = {
    Role.POLICE_DISPATCHER: "console",
    Role.AMBULANCE_DISPATCHER: "console",
    Role.DUTY_SUPERVISOR: "console",
}
"""On which screen a role works that rides on no vehicle; all others work at the desk."""


class Sessions:
    """Issues and checks secrets; only their SHA-256 is kept."""

    def __init__(self, ground: Ground, *, demo: bool) -> None:
        self._ground = ground
        self._demo = demo
        self._known: dict[bytes, AccessToken] = {}
        self._turn = threading.Lock()

    def issue(self, subject: str, agency: Agency, role: Role, unit_id: str | None, life: timedelta) -> str:
        """Return a new secret for one person or program in one role; it is shown once."""
        if role not in RIGHTS:
            raise InvalidInput("role", f"nobody may act as {role.value}: choose {', '.join(RIGHTS)}")
        of = role.agency
        if of not in (None, agency):
            raise InvalidInput("agency", f"the role {role.value} belongs to the {of} service")
        ground = self._ground
        secret = new_secret(ground.random)
        now = ground.clock.now()
        ground.tokens.add(
            AccessToken(hashed(secret), subject, agency.value, role.value, unit_id, now, now + life)
        )
        return secret

    def viewer_for(self, secret: str) -> Viewer | None:
        """Return who holds a secret, or None when it is unknown, has expired or was ended."""
        return self.viewer_held(hashed(secret))

    def viewer_held(self, key: bytes) -> Viewer | None:
        """Return who holds the secret of which this is kept, as `viewer_for`."""
        token = self._known.get(key) or self._read(key)
        if token is None or token.revoked or token.expires_at <= self._ground.clock.now():
            self._known.pop(key, None)
            return None
        role = Role(token.role)
        unit_id = self._unit_id(token.unit_id) if token.unit_id else None
        return Viewer(
            token.subject,
            self._name(role, Agency(token.agency), unit_id),
            Agency(token.agency),
            role,
            unit_id,
        )

    def _read(self, key: bytes) -> AccessToken | None:
        """Read a token and remember it; never what was read before `end` and would be remembered after it."""
        with self._turn:
            token = self._ground.tokens.get(key)
            if token is not None:
                self._known[key] = token
            return token

    def _name(self, role: Role, agency: Agency, unit_id: str | None) -> str:
        """Return who acts: the person booked on in the first own seat of the unit, else the role in words."""
        aboard = self._ground.board.fetch_unit(unit_id) if unit_id else None
        names = aboard.names.get(agency, {}) if aboard else {}
        return next(iter(names.values()), role_words(role))

    def _unit_id(self, held: str) -> str | None:
        """Return the unit of a token: its id, or the unit on duty under a call sign."""
        if held.startswith("unt_"):
            return held
        on = (a.state for a in self._ground.board.open_units())
        return next((u.unit_id for u in on if u.call_sign == held), None)

    def end(self, secret: str) -> None:
        """End a session or token at once."""
        key = hashed(secret)
        with self._turn:
            self._ground.tokens.revoke(key)
            self._known.pop(key, None)

    def open_demo(self, role: str, unit: str | None, service: Agency | None = None) -> tuple[str, Viewer]:
        """Open a session in a demo role; refused outside demo mode. `service` where both have people in the role."""
        if not self._demo:
            raise Forbidden("not_a_demo", "roles can be chosen in the demonstration only")
        try:
            wanted = Role(role)
        except ValueError as error:
            raise InvalidInput("role", f"there is no role {role!r}: choose {_choices()}") from error
        if wanted not in DEMO_ROLES:
            raise InvalidInput("role", f"{role} is not a role of the demonstration: choose {_choices()}")
        if wanted.is_crew and unit is None:
            raise InvalidInput("unit", "a crew role needs the call sign of its unit")
        choices = _demo_agencies(wanted)
        if service not in (None, *choices):
            raise InvalidInput(
                "agency", f"the demonstration has no {role_words(wanted)} of the {service} service"
            )
        agency = service or choices[0]
        subject = f"demo:{role}:{agency.value}" if len(choices) > 1 else f"demo:{role}"
        secret = self.issue(subject, agency, wanted, unit, SESSION_LIFE)
        viewer = self.viewer_for(secret)
        assert viewer is not None  # noqa: S101 - just issued
        return secret, viewer

    def demo_roles(self) -> list[Row]:
        """Return the roles a visitor may take, crew roles once for each vehicle of the scheme."""
        if not self._demo:
            return []
        ground = self._ground
        blueprint = ground.board.scheme.at(ground.clock.now())
        rows: list[Row] = []
        for role in DEMO_ROLES:
            if not role.is_crew:
                rows += _desk_rows(role)
                continue
            rows += [
                {
                    "id": role.value,
                    "name": f"{role_words(role)}, {vehicle.call_sign}",
                    "agency": _demo_agencies(role)[0].value,
                    "place": "crew",
                    "unit": vehicle.call_sign,
                }
                for vehicle in blueprint.vehicles.values()
            ]
        return rows


def _desk_rows(role: Role) -> list[Row]:
    """Return a role that rides on no vehicle, once for each service that it can be taken in."""
    agencies = _demo_agencies(role)
    words, place = role_words(role), _PLACES.get(role, "desk")
    return [
        {
            "id": role.value,
            "name": f"{words}, {agency.value}" if len(agencies) > 1 else words,
            "agency": agency.value,
            "place": place,
            "unit": None,
        }
        for agency in agencies
    ]


def _demo_agencies(role: Role) -> tuple[Agency, ...]:
    of = role.agency
    if of is None and role in _OF_EACH:
        return tuple(Agency)
    return (of or Agency.POLICE,)


def _choices() -> str:
    return ", ".join(role.value for role in DEMO_ROLES)
