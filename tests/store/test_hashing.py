"""The chain's own rules."""

from hypothesis import given
from hypothesis import strategies as st

from jru.domain.agency import Label
from jru.services.ports import PartRef
from jru.store import tables
from jru.store.hashing import (
    EXCLUDED_COLUMNS,
    HASHED_COLUMNS,
    canonical,
    decode_parts,
    encode_parts,
    event_hash,
    part_hash,
)

COLUMN = st.one_of(st.none(), st.integers(), st.text(st.characters(exclude_categories=["Cs"])), st.binary())


def test_every_column_of_an_event_is_hashed_or_left_out_by_name() -> None:
    assert {column.name for column in tables.event.c} == {*HASHED_COLUMNS} | EXCLUDED_COLUMNS
    assert not {*HASHED_COLUMNS} & EXCLUDED_COLUMNS


def test_columns_are_hashed_in_the_order_of_the_table() -> None:
    assert [column.name for column in tables.event.c][: len(HASHED_COLUMNS)] == list(HASHED_COLUMNS)


@given(st.lists(COLUMN, max_size=5), st.lists(COLUMN, max_size=5))
def test_different_rows_never_give_the_same_bytes(one: list[object], other: list[object]) -> None:
    same = [(type(value), value) for value in one] == [(type(value), value) for value in other]
    if len(one) == len(other):
        assert (canonical(one) == canonical(other)) == same


def test_a_named_text_is_hashed_as_the_text_that_is_stored() -> None:
    assert canonical([Label.SAFETY]) == canonical(["safety"])


@given(st.text(max_size=8), st.text(max_size=8))
def test_a_border_between_columns_cannot_be_moved(one: str, other: str) -> None:
    whole = one + other
    for cut in range(len(whole) + 1):
        pair = [whole[:cut], whole[cut:]]
        assert (canonical(pair) == canonical([one, other])) == (pair == [one, other])


def test_an_event_and_a_part_never_share_a_hash() -> None:
    assert event_hash((b"salt", b"content")) != part_hash(b"salt", b"content")


def test_the_hash_of_known_bytes_never_changes() -> None:
    columns = (1, "inc_1/op", 1, "incident.noted", 1, "evt_1", 2, None, 3, 4, "tablet", 5)
    columns += ("somebody", "police", "dispatch", "key", 0, b"{}", b"[]", bytes(32))
    assert event_hash(columns).hex() == "b30fb3117c0a9d452afb27eed28ac45e1e96ae02ea987d9e9c27a75b754468e8"
    assert (
        part_hash(bytes(32), b"content").hex()
        == "b0a18797efa64df29afadb3f2af3747694b908083341c1907515a0a1e0285f4e"
    )


@given(
    st.lists(
        st.builds(
            PartRef,
            st.integers(0, 99),
            st.sampled_from(Label),
            st.sampled_from(["operational", "police", "patient"]),
            st.binary(min_size=32, max_size=32),
        ),
        max_size=3,
    )
)
def test_a_part_list_is_read_back_as_it_was(parts: list[PartRef]) -> None:
    assert decode_parts(encode_parts(parts)) == tuple(parts)
