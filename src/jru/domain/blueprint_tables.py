"""Readers of TOML tables from a list of keys: unknown and missing keys, where values come from, ids used twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from jru.domain.blueprint_lines import Path
from jru.domain.blueprint_problems import nearest
from jru.domain.blueprint_values import WRONG, Reader, Reading, describe, text

_PROVENANCE = ("source", "assumed")
_read_reason = text(400)


class _Required(Enum):
    REQUIRED = "required"


REQUIRED: Final = _Required.REQUIRED


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table: how to read it, the attribute it fills, and its value when absent."""

    name: str
    read: Reader
    default: object = REQUIRED
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The keys of one kind of table, and what is built from them.

    With `provenance` the table must say where its values come from: `source`, or `assumed` with the reason (for the
    whole table, or a table of key to reason for some of its keys beside a `source`).
    """

    keys: tuple[Key, ...]
    build: Callable[..., object]
    provenance: bool = True
    keeps_source: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """One element of an array of tables, with its place in the file."""

    path: Path
    value: Any


def table(kind: Table) -> Reader:
    """Read one table; returns what `kind.build` makes of its keys."""

    def read(value: object, path: Path, reading: Reading) -> object:
        if not isinstance(value, dict):
            return reading.refuse(path, f"expected a table, found {describe(value)}")
        read_whole = not _refuse_unknown(kind, value, path, reading)
        attributes = read_keys(kind, value, path, reading)
        if kind.provenance:
            read_whole &= _read_provenance(kind, value, path, reading)
        if not read_whole or WRONG in attributes.values():
            return WRONG
        return kind.build(**attributes)

    return read


def read_keys(kind: Table, value: Mapping[str, object], path: Path, reading: Reading) -> dict[str, object]:
    """Read every key of a table; those that are missing or wrong come back as `WRONG`."""
    attributes: dict[str, object] = {}
    for key in kind.keys:
        attribute = key.attribute or key.name
        if key.name in value:
            attributes[attribute] = key.read(value[key.name], (*path, key.name), reading)
        elif isinstance(key.default, _Required):
            attributes[attribute] = reading.refuse(path, f"{key.name} is missing", f"add {key.name} = ...")
        else:
            attributes[attribute] = key.default
    if kind.keeps_source:
        attributes["source"] = value.get("source") or "assumed"
    return attributes


def things(kind: Table, id_key: str = "id") -> Reader:
    """Read an array of tables with an id each; returns the good ones as `Element`s, in order."""
    read_one = table(kind)

    def read(value: object, path: Path, reading: Reading) -> object:
        if not isinstance(value, list):
            hint = f"write [[{'.'.join(step for step in path if isinstance(step, str))}]]"
            return reading.refuse(path, f"expected an array of tables, found {describe(value)}", hint)
        seen: dict[str, Path] = {}
        elements: list[Element] = []
        for place, raw in enumerate(value):
            here = (*path, place)
            built = read_one(raw, here, reading)
            name = raw.get(id_key) if isinstance(raw, dict) else None
            if isinstance(name, str) and id_key:
                first = seen.setdefault(name, here)
                if first != here:
                    line = reading.findings.lines.line_of((*first, id_key))
                    reading.refuse(
                        (*here, id_key), f"{name[:40]!r} is already used on line {line}", "choose another"
                    )
                    continue
            if built is not WRONG:
                elements.append(Element(here, built))
        return tuple(elements)

    return read


def nested(kind: Table, id_key: str, build: Callable[[list[object]], object] = tuple) -> Reader:
    """Read an array of tables inside another one; a wrong element spoils the whole."""
    read_things = things(kind, id_key)

    def read(value: object, path: Path, reading: Reading) -> object:
        elements = read_things(value, path, reading)
        if not isinstance(elements, tuple) or not isinstance(value, list) or len(elements) < len(value):
            return WRONG
        return build([element.value for element in elements])

    return read


def names_in(tables: object, key: str) -> frozenset[str]:
    """Return the texts that a raw array of tables holds under a key, whatever else is wrong with it."""
    elements = tables if isinstance(tables, list) else []
    names = [element.get(key) for element in elements if isinstance(element, dict)]
    return frozenset(name for name in names if isinstance(name, str))


def _refuse_unknown(kind: Table, value: Mapping[str, object], path: Path, reading: Reading) -> bool:
    known = [key.name for key in kind.keys] + (list(_PROVENANCE) if kind.provenance else [])
    unknown = [name for name in value if name not in known]
    for name in unknown:
        reading.refuse((*path, name), f"unknown key {name[:40]!r}", nearest(name, known))
    return bool(unknown)


def _read_provenance(kind: Table, value: Mapping[str, object], path: Path, reading: Reading) -> bool:
    """Note assumptions; return whether the table says where its values come from."""
    has_source = "source" in value
    if has_source and _read_reason(value["source"], (*path, "source"), reading) is WRONG:
        return False
    if "assumed" not in value:
        if not has_source:
            hint = 'add source = "..." or assumed = "the reason"'
            reading.refuse(path, "the table does not say where its values come from", hint)
        return has_source
    assumed = value["assumed"]
    if isinstance(assumed, dict):
        return _read_partial(kind, assumed, path, reading, has_source=has_source)
    reason = _read_reason(assumed, (*path, "assumed"), reading)
    if isinstance(reason, str):
        reading.findings.assume(path, reason)
    return reason is not WRONG


def _read_partial(
    kind: Table, assumed: Mapping[str, object], path: Path, reading: Reading, *, has_source: bool
) -> bool:
    known = [key.name for key in kind.keys]
    good = has_source
    if not has_source:
        hint = 'add source = "..." for the others, or assumed = "the reason" for all'
        reading.refuse((*path, "assumed"), "some values are assumed, the others have no source", hint)
    for name, raw in assumed.items():
        here = (*path, "assumed", name)
        if name not in known:
            reading.refuse(here, f"this table has no key {name[:40]!r} to assume", nearest(name, known))
            good = False
            continue
        reason = _read_reason(raw, here, reading)
        if isinstance(reason, str):
            reading.findings.assume((*path, name), reason)
        good &= reason is not WRONG
    return good
