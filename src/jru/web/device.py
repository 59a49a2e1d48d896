"""Which device sent a command: its name, its own count of commands, and its clock at the time of sending."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request

from jru.web.problems import Malformed

DEVICE_HEADER = "JRU-Device"
SEQ_HEADER = "JRU-Device-Seq"
TIME_HEADER = "JRU-Device-Time"
_NAME = "^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$"
_SEQ = "^[0-9]{1,15}$"
_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$"
_MICROSECOND = timedelta(microseconds=1)

DEVICE_HEADERS: list[dict[str, Any]] = [
    {
        "name": DEVICE_HEADER,
        "in": "header",
        "required": False,
        "description": "The device's own name, the same for ever; nothing that names a person.",
        "schema": {"type": "string", "pattern": _NAME, "minLength": 1, "maxLength": 64},
        "example": "jr01-tablet-1",
    },
    {
        "name": SEQ_HEADER,
        "in": "header",
        "required": False,
        "description": f"How many commands the device had made when it made this one; only with {DEVICE_HEADER}.",
        "schema": {"type": "string", "pattern": _SEQ, "minLength": 1, "maxLength": 15},
        "example": "417",
    },
    {
        "name": TIME_HEADER,
        "in": "header",
        "required": False,
        "description": (
            "The device's clock when it sends this request, with its offset from UTC. The log keeps how far it is "
            "ahead of the server's."
        ),
        "schema": {"type": "string", "format": "date-time", "pattern": _TIME, "maxLength": 32},
        "example": "2019-08-16T22:41:07Z",
    },
]


@dataclass(frozen=True, slots=True)
class Device:
    """What a request says of its device; name "" when it says nothing."""

    name: str = ""
    seq: int | None = None
    time: datetime | None = None

    def ahead_us(self, received_at: datetime) -> int | None:
        """Return by how many microseconds the device's clock is ahead, or None when it gave no time."""
        return None if self.time is None else (self.time - received_at) // _MICROSECOND


def device_of(request: Request) -> Device:
    """Return the device of a request; Malformed when a header says it in another form."""
    name, seq, time = (_value(request, h) for h in (DEVICE_HEADER, SEQ_HEADER, TIME_HEADER))
    if name is not None and not re.fullmatch(_NAME, name):
        raise _malformed(DEVICE_HEADER, "1 to 64 letters, digits, dots, colons, dashes or underscores")
    if seq is not None and (name is None or not re.fullmatch(_SEQ, seq)):
        raise _malformed(SEQ_HEADER, f"a whole number of at most 15 digits beside {DEVICE_HEADER}")
    return Device(name or "", None if seq is None else int(seq), None if time is None else _moment(time))


def _value(request: Request, header: str) -> str | None:
    values = request.headers.getlist(header)
    if len(values) > 1:
        raise _malformed(header, "given once at most")
    return values[0] if values else None


def _moment(text: str) -> datetime:
    if re.fullmatch(_TIME, text, re.ASCII):
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise _malformed(TIME_HEADER, "a time with its offset from UTC, such as 2019-08-16T22:41:07Z")


def _malformed(header: str, wanted: str) -> Malformed:
    return Malformed("device", f"The header {header} is not {wanted}.", "Correct it, or leave it out.")
