"""Photos and documents over HTTP: in under the own label, out through the gate with headers that keep them files."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from jru.exchange.attachments import Clean, clean
from jru.web.api.attachments import MOST_BASE64, SMALLEST_PNG
from tests.web.test_records import Night, night

__all__ = ["night"]


def photo(title: str, content: str = SMALLEST_PNG) -> dict[str, object]:
    return {"person": 1, "label": "police_evidence", "title": title, "content": content}


def test_a_photo_of_the_police_comes_back_to_the_police_only(night: Night) -> None:
    officer = night.people["special_constable"]
    record = officer.did(night.at("/attachments"), photo("ZEBRAPHOTO"))["record_id"]
    path = night.at(f"/attachments/{record}")
    got = night.people["police_dispatcher"].get(path)
    assert got.status_code == 200
    assert got.headers["content-type"] == "image/jpeg"
    assert got.headers["content-disposition"] == f'attachment; filename="{record}.jpg"'
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert got.headers["cache-control"] == "no-store"
    assert Image.open(io.BytesIO(got.content)).size == (1, 1)
    (row,) = officer.get(night.at("/police")).json()["attachments"]
    assert row["said"]["title"] == "ZEBRAPHOTO"
    assert row["said"]["size"] == len(got.content)
    for who in ("paramedic", "ambulance_dispatcher"):
        hidden = night.people[who].get(path)
        absent = night.people[who].get(night.at("/attachments/rec_nothing"))
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content
        assert "ZEBRAPHOTO" not in night.people[who].get(night.at("")).text
    assert officer.get(f"/incidents/inc_nothing/attachments/{record}").status_code == 404


def test_a_large_photo_passes_and_a_larger_one_is_refused(night: Night) -> None:
    officer = night.people["special_constable"]
    made = io.BytesIO()
    Image.effect_noise((1600, 1200), 90).save(made, "PNG")
    large = base64.b64encode(made.getvalue()).decode()
    assert len(large) > 1_000_000
    assert officer.post(night.at("/attachments"), photo("large", large)).status_code == 201
    assert officer.post(night.at("/attachments"), photo("x", "A" * (MOST_BASE64 + 4))).status_code == 422
    assert officer.post(night.at("/attachments"), photo("x", "A" * (MOST_BASE64 + 9000))).status_code == 413
    assert (
        officer.post(night.at("/notes"), {"text": "x" * 300_000, "label": "operational"}).status_code == 413
    )


def test_what_is_no_picture_or_not_yours_is_refused(night: Night) -> None:
    page = base64.b64encode(b"<html><script>alert(1)</script>").decode()
    officer = night.people["special_constable"]
    assert officer.post(night.at("/attachments"), photo("x", page)).status_code == 422
    assert officer.post(night.at("/attachments"), photo("x", "not base64!")).status_code == 422
    clinical = {**photo("x"), "label": "clinical"}
    assert officer.post(night.at("/attachments"), clinical).status_code == 403
    for who in ("police_dispatcher", "ambulance_dispatcher", "duty_supervisor"):
        assert night.people[who].post(night.at("/attachments"), photo("x")).status_code == 403


def test_nothing_is_drawn_for_who_may_not_add_it(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[bytes] = []

    def note(raw: bytes) -> Clean:
        drawn.append(raw)
        return clean(raw)

    monkeypatch.setattr("jru.web.api.attachments.clean", note)
    officer = night.people["special_constable"]
    for who in ("police_dispatcher", "ambulance_dispatcher", "duty_supervisor"):
        assert night.people[who].post(night.at("/attachments"), photo("x")).status_code == 403
    assert officer.post(night.at("/attachments"), {**photo("x"), "label": "clinical"}).status_code == 403
    assert officer.post("/incidents/inc_nothing/attachments", photo("x")).status_code == 404
    page = base64.b64encode(b"<html>").decode()
    assert officer.post(night.at("/attachments"), photo("x", page)).status_code == 422
    assert drawn == []
    assert officer.post(night.at("/attachments"), photo("x")).status_code == 201
    assert len(drawn) == 1
