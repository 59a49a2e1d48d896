"""Reading street-level files: what is taken, and that nothing unusable is taken or raises."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jru.exchange.police_uk.model import COLUMNS, Limits, SmallArea
from jru.exchange.police_uk.read import read_street_file

AREAS = {"E01016016": SmallArea("medway", 0.525, 51.378)}
HEADER = ",".join(COLUMNS)
GOOD = "2018-10,Kent Police,Kent Police,0.527,51.379,On or near Example Road,E01016016,Medway 015A,Public order,,"


def _written(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_takes_a_good_row_with_its_line_and_place(tmp_path: Path) -> None:
    read = read_street_file(_written(tmp_path / "a.csv", GOOD), AREAS)
    (record,) = read.taken
    assert (record.line, record.month, record.kind, record.district) == (
        2,
        "2018-10",
        "Public order",
        "medway",
    )
    assert (record.lon, record.lat, record.location) == (0.527, 51.379, "Example Road")
    assert read.problem is None
    assert read.not_taken == ()


def test_takes_the_published_form_with_crime_ids_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"Crime ID,{HEADER}\r\nabc,{GOOD}\r\n".encode())
    assert len(read_street_file(path, AREAS).taken) == 1


def test_a_file_and_its_packed_copy_are_the_same_file(tmp_path: Path) -> None:
    plain = _written(tmp_path / "a.csv", GOOD)
    packed = tmp_path / "b.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_street_file(plain, AREAS).taken == read_street_file(packed, AREAS).taken


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (GOOD.replace("0.527", "NaN"), "place"),
        (GOOD.replace("0.527", "inf"), "place"),
        (GOOD.replace("0.527", "east"), "place"),
        (GOOD.replace("0.527", ""), "no_place"),
        (GOOD.replace("0.527,51.379", "51.379,0.527"), "swapped"),
        (GOOD.replace("51.379", "181"), "place"),
        (GOOD.replace("0.527,51.379", "-3.2,55.9"), "far_away"),
        (GOOD.replace("2018-10", "2018-13"), "month"),
        (GOOD.replace("2018-10", "October 2018"), "month"),
        (GOOD.replace("Public order", "Sorcery"), "kind"),
        (GOOD.replace("E01016016", ""), "no_area"),
        (GOOD.replace("E01016016", "E01000001"), "outside"),
        (GOOD + ",extra", "columns"),
        (GOOD[:40], "columns"),
        ("", "columns"),
        (GOOD.replace("Example", '"Example'), "taken"),
        ('"' + GOOD, "malformed"),
        (GOOD.replace("Example", "Exa\x00mple"), "control_character"),
    ],
)
def test_a_bad_row_is_reported_with_its_line_and_the_next_one_is_still_taken(
    tmp_path: Path, row: str, code: str
) -> None:
    read = read_street_file(_written(tmp_path / "a.csv", row, GOOD), AREAS)
    assert read.taken[-1].line == 3
    if code == "taken":
        assert read.taken[0].location == '"Example Road'
        return
    (refused,) = read.not_taken
    assert (refused.line, refused.code) == (2, code)
    assert refused.reason
    assert refused.remedy


def test_a_row_in_another_encoding_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"{HEADER}\n{GOOD.replace('Example', 'Café')}\n{GOOD}\n".encode("latin-1"))
    read = read_street_file(path, AREAS)
    assert [row.code for row in read.not_taken] == ["wrong_encoding"]
    assert len(read.taken) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "wrong_header"),
        (b"a,b,c\n1,2,3\n", "wrong_header"),
        (f"{HEADER}\n{GOOD}\n".encode("utf-16"), "wrong_encoding"),
        (gzip.compress(f"{HEADER}\n{GOOD}\n".encode())[:-12], "damaged"),
        (b"\x1f\x8b" + b"nonsense" * 10, "damaged"),
        (f"{HEADER}\n{'x' * 5000}\n".encode(), "line_too_long"),
    ],
)
def test_a_file_that_is_damaged_as_a_whole_yields_nothing_and_says_why(
    tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    read = read_street_file(path, AREAS)
    assert read.taken == ()
    assert read.problem is not None
    assert read.problem.code == code
    assert read.problem.remedy


def test_limits_hold_for_the_file_its_unpacked_content_and_its_rows(tmp_path: Path) -> None:
    plain = _written(tmp_path / "a.csv", *[GOOD] * 50)
    packed = tmp_path / "b.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    for path, limits, code in [
        (plain, Limits(file_bytes=1000), "too_large"),
        (packed, Limits(unpacked_bytes=1000), "too_large"),
        (plain, Limits(rows=10), "too_many_rows"),
    ]:
        read = read_street_file(path, AREAS, limits)
        assert read.taken == ()
        assert read.problem is not None
        assert read.problem.code == code


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    problem = read_street_file(tmp_path / "absent.csv", AREAS).problem
    assert problem is not None
    assert problem.code == "unreadable"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.booleans())
def test_no_content_raises(tmp_path: Path, content: bytes, after_header: bool) -> None:
    path = tmp_path / "fuzz.csv"
    path.write_bytes(HEADER.encode() + b"\n" + content if after_header else content)
    read = read_street_file(path, AREAS)
    assert read.rows == len(read.taken) + len(read.not_taken) or read.problem is not None
