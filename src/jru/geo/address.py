"""Read a whole address, as another system writes it, for the names of a map that stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

Words = Sequence[str]
Fits = Callable[[str, str], bool]

_ROAD_NUMBER: Final = re.compile(r"\s*\([^)]*\)")


def street_and_town(name: str) -> tuple[str, str]:
    """Split `High Street (A2), Rochester` into what the street is called and its town, which may be empty."""
    street, _, town = name.partition(", ")
    return _ROAD_NUMBER.sub("", street), town


def run_of(name: Words, typed: Words, fits: Fits) -> range | None:
    """Return where all words of the name stand together in what was typed, the last such place; None if nowhere."""
    for begin in range(len(typed) - len(name), -1, -1):
        if name and all(fits(typed[begin + i], word) for i, word in enumerate(name)):
            return range(begin, begin + len(name))
    return None


def street_stands(street: range, town: range | None, towns: Iterable[range]) -> bool:
    """Tell whether a street is meant: of its own town, or of any when the address names no town.

    A street of that name in another town than the one named is never meant.
    """
    if town is not None and not _overlap(street, town):
        return True
    return all(_overlap(street, other) for other in towns)


def _overlap(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop
