"""The label table as the partners agreed it, written a second time by hand: what is expected, not what is done."""

from __future__ import annotations

from jru.domain.agency import Agency, Label, Role
from jru.services.access import Viewer
from jru.services.grants import RIGHTS

COLUMNS = tuple(Label)
EXPECTED = """
paramedic             rw  rw  OW  OW  -   -   own -
special_constable     rw  rw  OW  -   own OW  own -
constable             rw  rw  OW  -   own OW  own -
police_dispatcher     rw  rw  OW  -   own own own -
ambulance_dispatcher  rw  rw  OW  oo  -   -   own -
clinical_desk         rw  rw  own OW  -   -   -   -
duty_supervisor       r   r   own own own own own r
clinical_lead         r   r   own own -   -   -   r
police_reviewer       r   r   own -   own own -   r
privacy_officer       r   r   -   -   -   -   -   r
scheme_lead           r   -   -   -   -   -   own r
duty_planner          -   -   -   -   -   -   OW  r
specials_coordinator  -   -   -   -   -   -   OW  -
fleet_lead            r   -   -   -   -   -   -   -
medicines_lead        r   -   -   -   -   -   -   -
performance_analyst   own -   -   -   -   -   -   r
inspector             -   -   -   -   -   -   -   r
system_administrator  -   -   -   -   -   -   -   -
"""


def expected() -> dict[Role, dict[Label, str]]:
    """Return the table: r, rw, own, oo (own while open), OW (own, read and write), or - for nothing."""
    rows = (line.split() for line in EXPECTED.strip().splitlines())
    return {Role(role): dict(zip(COLUMNS, cells, strict=True)) for role, *cells in rows}


def agencies_of(role: Role) -> tuple[Agency, ...]:
    """Return the services that have people in a role."""
    of = role.agency
    return (of,) if of else tuple(Agency)


def viewers(unit_id: str | None = None) -> list[Viewer]:
    """Return one person in each role of each service; crews ride on `unit_id`."""
    return [
        Viewer(
            f"{role.value}@{agency.value}",
            "Somebody Example",
            agency,
            role,
            unit_id if role.is_crew else None,
        )
        for role in RIGHTS
        for agency in agencies_of(role)
    ]
