"""Dataclasses to canonical JSON and back, without a schema beside the class.

Canonical form: UTF-8, keys sorted, no blanks, times as integer microseconds since 1970 UTC, sets sorted.
Known: str, int, float, bool, None, datetime, StrEnum, and optional values, tuples, frozensets, dicts and dataclasses
of these.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(moment: datetime) -> int:
    """Return integer microseconds since 1970 UTC of an aware time."""
    return (moment - _EPOCH) // _MICROSECOND


def from_us(microseconds: int) -> datetime:
    """Return the aware UTC time of integer microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)


def canonical(value: object) -> bytes:
    """Return the canonical bytes of a plain JSON value; raises ValueError for NaN and infinities."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def encode(value: object) -> bytes:
    """Return the canonical bytes of a dataclass."""
    return canonical(plain(value))


def decode(kind: type[T], raw: bytes) -> T:
    """Rebuild a dataclass from its canonical bytes."""
    return typing.cast("T", reader(typing.cast("Any", kind))(json.loads(raw)))


def plain(value: Any) -> Any:
    """Return a value as plain JSON types."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return to_us(value)
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {name: plain(getattr(value, name)) for name in _names(typing.cast("Any", type(value)))}
    raise TypeError(f"cannot store a {type(value).__name__}")


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind))


def _same(value: Any) -> Any:
    return value


@cache
def reader(kind: Any) -> Callable[[Any], Any]:
    """Return the function that rebuilds a value of this type from plain JSON."""
    if kind in (str, int, bool, float, object, Any, type(None)):
        return _same
    if kind is datetime:
        return from_us
    origin = typing.get_origin(kind)
    if origin is not None:
        return _generic_reader(origin, typing.get_args(kind))
    if issubclass(kind, StrEnum):
        return typing.cast("Callable[[Any], Any]", kind)
    return _dataclass_reader(kind)


def _generic_reader(origin: Any, arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    if origin in (typing.Union, types.UnionType):
        (inner,) = [reader(a) for a in arguments if a is not type(None)]
        return lambda value: None if value is None else inner(value)
    if origin is dict:
        key, item = reader(arguments[0]), reader(arguments[1])
        return lambda value: {key(k): item(v) for k, v in value.items()}
    item = reader(arguments[0])
    if origin is frozenset:
        return lambda value: frozenset(item(v) for v in value)
    return lambda value: tuple(item(v) for v in value)


def _dataclass_reader(kind: type) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    readers = {name: reader(hints[name]) for name in _names(kind)}
    return lambda value: kind(**{name: readers[name](item) for name, item in value.items()})
