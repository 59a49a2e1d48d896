"""A body has as much time as its size needs on the slowest line that is waited for, and no more."""

from __future__ import annotations

import pytest

from jru.exchange.attachments import MOST_BYTES
from jru.web.limits import BODY_TIMEOUT_S, MAX_BODY_BYTES, seconds_for


@pytest.mark.parametrize("size", [0, 1, MAX_BODY_BYTES])
def test_a_plain_body_has_the_same_time_whatever_it_announces(size: int) -> None:
    assert seconds_for(size) == BODY_TIMEOUT_S


def test_the_largest_photo_gets_through_a_line_of_200_kbit_a_second() -> None:
    encoded = MOST_BYTES * 4 // 3
    assert encoded * 8 / 200_000 < seconds_for(encoded) < 6 * 60
