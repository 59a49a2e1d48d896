"""Every fault that the documentation names is proved by a test that exists."""

from __future__ import annotations

import re

import pytest

from tests.architecture.tree import ROOT

PAGE = ROOT / "docs" / "explanation" / "faults.md"
PROOFS = re.findall(r"\| `([^`|]+?)::([^`]+)` \|$", PAGE.read_text(), re.MULTILINE)


def test_every_row_names_its_proof() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    assert len(PROOFS) == len(rows) - 2


@pytest.mark.parametrize(("path", "name"), PROOFS)
def test_the_proof_exists(path: str, name: str) -> None:
    found = (ROOT / path).read_text()
    assert f"def {name}(" in found or f"'{name}'" in found
