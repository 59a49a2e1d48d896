"""The patient payload store: identity and clinical content that the ambulance service owns."""

from __future__ import annotations

from jru.domain.agency import Agency
from jru.store.payloads import PayloadStore
from jru.store.tables import payload_table


class PatientRecords(PayloadStore):
    """Personal content owned by the ambulance service."""

    name = "patient"
    table = payload_table("patient")
    keeper = Agency.AMBULANCE
