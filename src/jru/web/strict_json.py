"""JSON as it enters: one meaning or none.

Refused are invalid UTF-8 and lone surrogates, a byte order mark, NUL, NaN and Infinity, numbers that overflow,
integers that a double cannot hold, repeated keys and deep nesting (RFC 8259 leaves these to the receiver;
RFC 7493, I-JSON, forbids them).
"""

from __future__ import annotations

import json
import math
import re
from typing import NoReturn

from jru.errors import InvalidInput

MAX_DEPTH = 32
MAX_INTEGER = 2**53
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKET = re.compile(rb"[][{}]")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def parse(raw: bytes) -> object:
    """Return the value; InvalidInput with code json.* when it is not exactly one well-formed JSON text."""
    if not raw.strip():
        _refuse("empty", "The body is empty.", "Send a JSON object, {} at least.")
    if raw.startswith(b"\xef\xbb\xbf"):
        _refuse("bom", "The body begins with a byte order mark.", "Send UTF-8 without it.")
    _check_depth(raw)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse("encoding", f"The body is not UTF-8 at byte {error.start}.", "Send UTF-8.")
    if "\0" in text or _NUL.search(raw):
        _refuse("nul", "The body holds the character NUL.", "Take it out.")
    value = _decode(text)
    if _SURROGATE.search(raw):
        _check_surrogates(value)
    return value


def _decode(text: str) -> object:
    try:
        return json.loads(
            text,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        _refuse(
            "malformed", f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        )


def _refuse(code: str, message: str, remedy: str = "") -> NoReturn:
    raise InvalidInput(f"json.{code}", message, remedy)


def _check_depth(raw: bytes) -> None:
    depth = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", raw)):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            _refuse("depth", f"The body is nested deeper than {MAX_DEPTH} levels.")


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > MAX_INTEGER:
        _refuse("integer", f"The integer {digits[:20]} is beyond 2^53.", "Send long numbers as text.")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        _refuse("number", f"The number {digits[:20]} is too large.")
    return value + 0.0  # a negative zero becomes zero


def _constant(name: str) -> NoReturn:
    _refuse("constant", f"{name} is no JSON number.")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        repeated = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        _refuse("duplicate_key", f"The key {repeated[:80]!r} occurs twice in one object.")
    return result


def _check_surrogates(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        _refuse("surrogate", "The body holds half a surrogate pair.", "Send whole characters.")
