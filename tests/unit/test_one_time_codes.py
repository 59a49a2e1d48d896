"""Codes of authenticator apps against the examples of RFC 6238 (appendix B, its last six digits)."""

from datetime import UTC, datetime, timedelta

import pytest

from jru.services.one_time_codes import STEP_S, as_address, as_text, code_at, step_at, step_of

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_the_examples_of_the_standard(second: int, code: str) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    assert code_at(SECRET, step_at(moment)) == code
    assert step_of(SECRET, code, moment) == second // STEP_S


def test_one_step_early_or_late_is_taken_and_two_are_not() -> None:
    moment = datetime(2019, 8, 16, 21, 0, tzinfo=UTC)
    now = step_at(moment)
    taken = [step_of(SECRET, code_at(SECRET, now + late), moment) for late in (-2, -1, 0, 1, 2)]
    assert taken == [None, now - 1, now, now + 1, None]


@pytest.mark.parametrize("code", ["", "28708", "2870820", "٢٨٧٠٨٢", "287082 "])
def test_what_is_no_code_belongs_to_no_step(code: str) -> None:
    assert step_of(SECRET, code, datetime(1970, 1, 1, 0, 0, 59, tzinfo=UTC)) is None


def test_a_secret_is_told_as_apps_take_it() -> None:
    assert as_text(SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    address = as_address(SECRET, "Joint response unit", "a b@c")
    assert address.startswith("otpauth://totp/Joint%20response%20unit:a%20b%40c?secret=GEZD")
    assert address.endswith("issuer=Joint%20response%20unit")
