"""Pieces of the API's description that many routes share."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, Field

from jru.web.device import DEVICE_HEADERS
from jru.web.problems import MEDIA_TYPE

Responses = dict[int | str, dict[str, Any]]


class ProblemEntry(BaseModel):
    """One thing wrong with a request."""

    path: str
    message: str


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    model_config = {
        "extra": "allow",
        "json_schema_extra": {
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Conflict",
                    "status": 409,
                    "detail": "JR01 is off duty since 02:00.",
                    "code": "refused",
                    "reason": "JR01 is off duty since 02:00.",
                }
            ]
        },
    }

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    remedy: str | None = None
    problems: list[ProblemEntry] | None = None


_PROBLEM: dict[str, Any] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_WORDS: dict[int, str] = {
    400: "The request is malformed: its JSON, its headers or its key.",
    401: "There is no valid session or token.",
    403: "The role does not allow this, or another site set it off.",
    404: "There is no such record, or the viewer may not know of it.",
    408: "The body did not arrive in time.",
    409: "A rule says no (code `refused`, with `reason` and `rule`), or somebody was first (`conflict`).",
    410: "The cursor is too old: fetch /board.",
    413: "The body is larger than 256 kB.",
    415: "The body is not application/json.",
    429: "Too many tries; Retry-After says when the next one counts.",
    422: "The request does not fit its description.",
    503: "Not now; Retry-After says when.",
}
READ_CODES = (401, 403, 422, 503)
WRITE_CODES = (400, 401, 403, 404, 408, 409, 413, 415, 422, 503)


def problems(*codes: int) -> Responses:
    """Return the description of problem answers with these status codes."""
    return {code: {"description": _WORDS[code], "content": _PROBLEM} for code in codes}


SIGNED_IN: dict[str, Any] = {"security": [{"session": []}, {"bearer": []}]}
CHANGE_HEADERS: list[dict[str, Any]] = [
    {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "A new UUID with each command; the same one when it is repeated.",
        "schema": {"type": "string", "pattern": "^[!-{}~]{1,200}$", "minLength": 1, "maxLength": 200},
        "example": "0198b6f2-6c1e-7b1a-8c55-3d2f0f4f6a10",
    },
    {
        "name": "X-Requested-With",
        "in": "header",
        "required": False,
        "description": "`jru`, needed with a session cookie.",
        "schema": {"type": "string", "enum": ["jru"]},
    },
    *DEVICE_HEADERS,
]

IncidentPath = Annotated[str, Path(pattern=r"^inc_[A-Za-z0-9_-]{1,64}$", description="Incident.")]
UnitPath = Annotated[str, Path(pattern=r"^unt_[A-Za-z0-9_-]{1,64}$", description="Unit of a duty.")]
OfferPath = Annotated[str, Path(pattern=r"^off_[A-Za-z0-9_-]{1,64}$", description="Offer.")]
PATH_KINDS: dict[str, Any] = {
    "incident_id": IncidentPath,
    "unit_id": UnitPath,
    "offer_id": OfferPath,
    "code": Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_]{0,59}$", description="Hazard code.")],
    "call_sign": Annotated[str, Path(pattern=r"^[A-Z0-9][A-Z0-9 -]{0,19}$", description="Call sign.")],
    "record_id": Annotated[str, Path(pattern=r"^rec_[A-Za-z0-9_-]{1,64}$", description="Record.")],
    "glass_id": Annotated[str, Path(pattern=r"^brk_[A-Za-z0-9_-]{1,64}$", description="Opening.")],
    "hold_id": Annotated[str, Path(pattern=r"^hld_[A-Za-z0-9_-]{1,64}$", description="Legal hold.")],
    "district_id": Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_]{0,59}$", description="District.")],
}


class Told(BaseModel):
    """The answer to a command."""

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "outcome": {"incident_id": "inc_0198b6f2", "number": "2041"},
                    "told": "Incident 2041 is open.",
                    "cursor": "b3BhcXVl",
                }
            ]
        }
    }

    outcome: dict[str, Any] = Field(description="Ids that the command made or touched.")
    told: str = Field(description="What happened, in one sentence.")
    cursor: str = Field(description="Sealed place in the log after the command.")
