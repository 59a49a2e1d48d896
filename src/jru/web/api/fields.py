"""The bounded kinds of value that requests are made of."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.json_schema import WithJsonSchema

from jru.domain.agency import Agency, Role
from jru.domain.commands import CallerGiven, Command, HazardGiven, PlaceGiven

_TIME = re.compile(
    r"(\d{4})-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(?P<zone>[Zz]|[+-]\d{2}:\d{2})?", re.ASCII
)
FIRST_YEAR, LAST_YEAR = 1970, 2105


def _moment(value: object) -> datetime:
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not isinstance(value, str) or match is None:
        raise ValueError("must be an ISO 8601 time such as 2019-08-16T22:41:07Z")
    if match["zone"] is None:
        raise ValueError("has no time zone: end it with Z or an offset such as +01:00")
    if not FIRST_YEAR < int(match[1]) < LAST_YEAR:
        raise ValueError(f"lies outside {FIRST_YEAR + 1} to {LAST_YEAR - 1}")
    fraction = re.sub(r"(\.\d{6})\d+", r"\1", value.upper().replace("Z", "+00:00"))
    try:
        return datetime.fromisoformat(fraction)
    except ValueError:
        raise ValueError("is no moment of the calendar") from None


Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "minLength": 17, "maxLength": 40}),
]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,59}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$")]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=500)]
LongText = Annotated[str, StringConstraints(max_length=4000)]
CallSign = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9 /-]{0,19}$")]
ForeignId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._:/#-]{0,59}$")]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Minutes = Annotated[int, Field(ge=0, le=1440)]
IncidentId = Annotated[str, StringConstraints(pattern=r"^inc_[A-Za-z0-9_-]{1,64}$")]
BaseToken = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_=.-]{1,200}$")]
Bases = Annotated[
    dict[
        Annotated[str, StringConstraints(pattern=r"^[a-z]{1,12}(\.[0-9]{1,3})?$")],
        Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{12,64}( [0-9A-Za-z-]{12,64}){0,3}$")],
    ],
    Field(
        max_length=8,
        description="By field, the mark in the row's `bases` that was read, or the Idempotency-Key of the own command "
        "that set it, or both with a blank between. 409 with both versions when neither is of what stands there now. "
        "A field without one was empty when it was read.",
    ),
]
AgencyWord = Literal["police", "ambulance"]
RoleWord = Literal[
    "paramedic",
    "special_constable",
    "constable",
    "police_dispatcher",
    "ambulance_dispatcher",
    "duty_supervisor",
    "clinical_desk",
    "clinical_lead",
    "police_reviewer",
    "scheme_lead",
    "duty_planner",
    "specials_coordinator",
    "fleet_lead",
    "medicines_lead",
    "performance_analyst",
    "inspector",
    "privacy_officer",
    "system_administrator",
]


class Strict(BaseModel):
    """A value that takes the fields it names and no others, and no type for another."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Place(Strict):
    """Free text always, WGS84 degrees where known (both or neither)."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    lon: Lon | None = None
    lat: Lat | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> Place:
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon and lat belong together: give both or neither")
        return self

    def given(self) -> PlaceGiven:
        """Return it in the domain's form."""
        return PlaceGiven(self.text, self.lon, self.lat)


class Caller(Strict):
    """Who rang."""

    name: Annotated[str, StringConstraints(max_length=120)] = ""
    phone: Annotated[str, StringConstraints(max_length=40)] = ""

    def given(self) -> CallerGiven:
        """Return it in the domain's form."""
        return CallerGiven(self.name, self.phone)


class Hazard(Strict):
    """A hazard code with what was said about it."""

    code: Code
    note: Annotated[str, StringConstraints(max_length=300)] = ""

    def given(self) -> HazardGiven:
        """Return it in the domain's form."""
        return HazardGiven(self.code, self.note)


Flags = Annotated[list[Code], Field(max_length=30)]
Hazards = Annotated[list[Hazard], Field(max_length=30)]


class PathIds(BaseModel):
    """What the address of a command names."""

    model_config = ConfigDict(frozen=True)

    incident_id: str = ""
    unit_id: str = ""
    offer_id: str = ""
    code: str = ""
    call_sign: str = ""
    record_id: str = ""
    district_id: str = ""
    glass_id: str = ""
    hold_id: str = ""


class CommandBody(Strict):
    """What all command bodies share."""

    past: ClassVar[tuple[str, ...]] = ("at",)
    """Fields that tell when something happened, and so cannot lie in the future."""

    at: Moment | None = Field(None, description="When it happened, by the sender's clock; absent: just now.")

    def command(self, ids: PathIds) -> Command:
        """Return the command of the domain that this body asks for."""
        raise NotImplementedError


def agency(word: AgencyWord) -> Agency:
    """Return the agency of a word of the wire."""
    return Agency(word)


def role(word: RoleWord) -> Role:
    """Return the role of a word of the wire."""
    return Role(word)


def example(**values: Any) -> ConfigDict:
    """Return a model configuration with an example for the description."""
    return ConfigDict(json_schema_extra={"examples": [values]})
