"""Pages of crews and rooms that ask the served product with a token, and a crew on duty to tell of."""

from __future__ import annotations

import httpx

from jru.domain.agency import Agency, Role
from tests.identity.place import Place
from tests.push.service import Device, PushServer
from tests.web.product import Caller, call

CREW = ("Driver Example", "Second Example", "Paramedic Example")


class Page(Caller):
    """What a page asks, with a token in place of a sign-in."""

    def told(self, service: PushServer, name: str, **more: object) -> Device:
        """Switch notifications on for a device of this name."""
        device = Device(name)
        answer = self.post("/notifications", device.subscription(service.url, **more))
        assert answer.json()["on"] is True, answer.text
        return device

    def at(self, place: Place) -> Page:
        """Return the same page at a server that has begun anew."""
        return Page(_client(place), self._token)


def _client(place: Place) -> httpx.Client:
    client = place.browser().client
    client.base_url = httpx.URL(place.url)
    return client


def page(place: Place, role: Role, unit_id: str | None = None) -> Page:
    token = place.system.issue_token(role, role.agency or Agency.POLICE, unit_id)
    return Page(_client(place), token)


def room(place: Place, agency: Agency = Agency.POLICE) -> Page:
    of = {Agency.POLICE: Role.POLICE_DISPATCHER, Agency.AMBULANCE: Role.AMBULANCE_DISPATCHER}
    return page(place, of[agency])


def ready(place: Place) -> str:
    """Put JR01 on duty and make it available; return the unit's id."""
    unit_id = place.put_on_duty(*CREW)
    police = room(place)
    police.did(f"/units/{unit_id}/status", {"status": "available"})
    at = place.clock.now().isoformat()
    police.did(f"/units/{unit_id}/position", {"lon": 0.55, "lat": 51.38, "at": at})
    return unit_id


def offered(room: Page, unit_id: str) -> str:
    """Offer a new job to a unit; return the offer's id."""
    incident_id = room.did("/incidents", call("High Street, Gillingham", grade="2"))["incident_id"]
    return str(room.did(f"/units/{unit_id}/offers", {"incident_id": incident_id})["offer_id"])


def told_devices(place: Place) -> float:
    return place.system.services.metrics()["push_subscriptions"]
