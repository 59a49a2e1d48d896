"""The published files of Kent, where they are at hand: every row is taken, and the sums are the published ones."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from jru.demo.areas import GROUPS, small_areas
from jru.exchange.police_uk.read import read_street_file

KENT = Path(__file__).parents[4] / "shared" / "data" / "kent"
FILES = {"police_uk_oct2018.csv.gz": 7392, "police_uk_jan2019.csv.gz": 6917, "police_uk_feb2019.csv": 6249}

pytestmark = pytest.mark.skipif(
    not KENT.exists(), reason="the published files of Kent are not on this machine"
)


def test_every_row_is_taken_and_counts_equal_the_sums_per_district_and_type() -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for name, rows in FILES.items():
        read = read_street_file(KENT / name, small_areas())
        assert (read.rows, len(read.taken), read.not_taken, read.problem) == (rows, rows, (), None)
        counts += read.counts()
    published: Counter[tuple[str, str]] = Counter()
    with (KENT / "lsoa.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            for group in GROUPS:
                published[row["district"].lower(), group] += int(row[group])
    assert counts == published
    assert sum(counts.values()) == 20_558
