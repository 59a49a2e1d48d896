"""One JSON text has one meaning, or is refused."""

from __future__ import annotations

import json
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jru.errors import InvalidInput
from jru.web.strict_json import MAX_DEPTH, parse

GARBAGE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "json.empty"),
    "blank": (b" \n ", "json.empty"),
    "cut": (b'{"type":"x","pla', "json.malformed"),
    "two texts": (b"{}{}", "json.malformed"),
    "trailing comma": (b'{"a":1,}', "json.malformed"),
    "single quotes": (b"{'a':1}", "json.malformed"),
    "raw line end in a string": (b'{"a":"x\ny"}', "json.malformed"),
    "nan": (b'{"a":NaN}', "json.constant"),
    "infinity": (b'{"a":-Infinity}', "json.constant"),
    "overflow": (b'{"a":1e400}', "json.number"),
    "beyond a double": (b'{"a":9007199254740993}', "json.integer"),
    "endless integer": (b'{"a":' + b"9" * 10_000 + b"}", "json.integer"),
    "duplicate key": (b'{"a":1,"a":2}', "json.duplicate_key"),
    "duplicate key inside": (b'{"b":[{"a":1,"a":1}]}', "json.duplicate_key"),
    "latin-1": ('{"a":"é"}'.encode("latin-1"), "json.encoding"),
    "utf-16": ('{"a":"é"}'.encode("utf-16"), "json.encoding"),
    "byte order mark": (b"\xef\xbb\xbf{}", "json.bom"),
    "encoded surrogate": (b'{"a":"\xed\xa0\x80"}', "json.encoding"),
    "lone surrogate": (b'{"a":"\\ud800"}', "json.surrogate"),
    "lone surrogate as key": (b'{"\\udc00":1}', "json.surrogate"),
    "escaped nul": (b'{"a":"\\u0000"}', "json.nul"),
    "nul": (b'{"a":"\0"}', "json.nul"),
    "deep lists": (b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "json.depth"),
    "deep and cut": (b"[" * 100_000, "json.depth"),
    "deep objects": (b'{"a":' * 10_000, "json.depth"),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_is_refused_with_its_code(name: str) -> None:
    raw, code = GARBAGE[name]
    with pytest.raises(InvalidInput) as refused:
        parse(raw)
    assert refused.value.code == code
    assert len(refused.value.message) < 300


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a":"\\ud83d\\ude91"}', {"a": "\U0001f691"}),
        (b'{"a":"\\\\u0000"}', {"a": "\\u0000"}),
        (b'{"a":9007199254740992}', {"a": 2**53}),
        (b'{"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}', {"a": "[" * 40}),
        (b" [1] ", [1]),
    ],
)
def test_what_is_well_formed_keeps_its_meaning(raw: bytes, value: object) -> None:
    assert parse(raw) == value


def test_a_negative_zero_becomes_zero() -> None:
    assert str(parse(b'{"a":-0.0}')) == "{'a': 0.0}"


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text('ab[{"\\', max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(values)
def test_whatever_json_writes_is_read_back(value: object) -> None:
    raw = json.dumps(value).encode()
    if raw.count(b"[") + raw.count(b"{") <= MAX_DEPTH:
        assert parse(raw) == value


@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_a_refusal(raw: bytes) -> None:
    code = ""
    try:
        parse(raw)
    except InvalidInput as refused:
        code = refused.code
    assert code == "" or code.startswith("json.")


@pytest.mark.parametrize("unit", [b'\\"', b'"', b"[", b"\\", b"\\u0000", b'"\\'])
def test_crafted_bodies_take_no_longer_than_plain_ones(unit: bytes) -> None:
    raw = unit * (256 * 1024 // len(unit))
    begun = perf_counter()
    with pytest.raises(InvalidInput):
        parse(raw)
    assert perf_counter() - begun < 3
