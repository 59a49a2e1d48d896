"""The canonical text of a value: the same however it is written, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jru.domain.codec import canonical, decode, encode, plain


class Colour(StrEnum):
    """A word of a vocabulary."""

    RED = "red"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Mark:
    """One field only."""

    colour: Colour


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that a stored value may be made of."""

    title: str
    at: datetime
    count: int
    share: float
    done: bool
    nothing: None
    marks: tuple[Mark, ...]
    words: frozenset[str]
    by_colour: dict[Colour, str]


SHEETS = st.builds(
    Sheet,
    title=st.text(),
    at=st.datetimes(timezones=st.just(UTC)),
    count=st.integers(),
    share=st.floats(allow_nan=False, allow_infinity=False),
    done=st.booleans(),
    nothing=st.none(),
    marks=st.lists(st.builds(Mark, st.sampled_from(Colour)), max_size=3).map(tuple),
    words=st.frozensets(st.text(), max_size=4),
    by_colour=st.dictionaries(st.sampled_from(Colour), st.text(), max_size=2),
)


@given(SHEETS)
def test_a_value_has_one_canonical_text(sheet: Sheet) -> None:
    assert encode(sheet) == canonical(plain(sheet))


@given(SHEETS)
def test_a_value_comes_back_as_it_was(sheet: Sheet) -> None:
    assert decode(Sheet, encode(sheet)) == sheet


@pytest.mark.parametrize("share", [float("nan"), float("inf")])
def test_a_number_that_json_lacks_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="no canonical form"):
        encode({"share": share})


def test_an_unknown_kind_of_value_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot store"):
        encode({"what": object()})
