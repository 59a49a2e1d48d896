"""The police payload store: identity, intelligence and evidence that the police own."""

from __future__ import annotations

from jru.domain.agency import Agency
from jru.store.payloads import PayloadStore
from jru.store.tables import payload_table


class PoliceRecords(PayloadStore):
    """Personal content owned by the police."""

    name = "police"
    table = payload_table("police")
    keeper = Agency.POLICE
