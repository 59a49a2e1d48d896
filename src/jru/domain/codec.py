"""Dataclasses to canonical JSON and back, without a schema beside the class.

Canonical form: UTF-8, keys sorted, no blanks, times as integer microseconds since 1970 UTC, sets sorted.
Known: str, int, float, bool, None, datetime, StrEnum, and optional values, tuples, frozensets, dicts and dataclasses
of these.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from json.encoder import encode_basestring
from math import isfinite
from operator import attrgetter, itemgetter
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
    """Return the canonical bytes of a dataclass or another known value: those of `canonical(plain(value))`, sooner."""
    return _TEXTS[type(value)](value).encode()


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


class _Texts(dict[type, Callable[[Any], str]]):
    """How a value of each type is written; the way of a type is found the first time that it comes."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        found = self[kind] = _text_writer(kind)
        return found


def _text_writer(kind: type) -> Callable[[Any], str]:
    if is_dataclass(kind):
        return _dataclass_writer(kind)
    if issubclass(kind, StrEnum):
        return {word: encode_basestring(word.value) for word in kind}.__getitem__
    for base, write in _TEXT_WRITERS:
        if issubclass(kind, base):
            return write
    raise TypeError(f"cannot store a {kind.__name__}")


def _dataclass_writer(kind: type) -> Callable[[Any], str]:
    names = sorted(_names(kind))
    if len(names) < 2:
        return lambda value: _dict_text({name: getattr(value, name) for name in names})
    values = attrgetter(*names)
    fields_text = ",".join([f'"{name}":%s' for name in names])
    form = f"{{{fields_text}}}"

    def write(value: Any) -> str:
        return form % tuple([_TEXTS[type(item)](item) for item in values(value)])

    return write


def _float_text(value: float) -> str:
    if not isfinite(value):
        raise ValueError(f"{value} has no canonical form")
    return float.__repr__(value)


def _list_text(value: Iterable[Any]) -> str:
    return f"[{','.join([_TEXTS[type(item)](item) for item in value])}]"


def _dict_text(value: dict[Any, Any]) -> str:
    items = sorted([(str(key), item) for key, item in value.items()], key=itemgetter(0))
    return f"{{{','.join([f'{encode_basestring(key)}:{_TEXTS[type(item)](item)}' for key, item in items])}}}"


_TEXT_WRITERS: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
    (type(None), {None: "null"}.__getitem__),
    (bool, {True: "true", False: "false"}.__getitem__),
    (int, int.__repr__),
    (float, _float_text),
    (str, encode_basestring),
    (datetime, lambda value: str((value - _EPOCH) // _MICROSECOND)),
    ((tuple, list), _list_text),
    (frozenset, lambda value: _list_text(sorted(plain(item) for item in value))),
    (dict, _dict_text),
)
_TEXTS = _Texts()


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
