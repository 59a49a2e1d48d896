"""Every label has an answer to "who is controller", and it agrees with the label table."""

import pytest

from jru.domain.agency import Agency, Label, Role
from jru.domain.controllers import RESPONSIBILITIES, Regime
from jru.services.grants import RIGHTS, WRITING


def test_every_label_has_a_row_for_each_service() -> None:
    assert list(RESPONSIBILITIES) == list(Label)
    assert all(list(rows) == list(Agency) for rows in RESPONSIBILITIES.values())


def test_whoever_holds_personal_facts_names_a_law_and_a_basis() -> None:
    for label, rows in RESPONSIBILITIES.items():
        for row in rows.values():
            assert (row.holds == "") == (row.basis == "")
            assert (row.regime is Regime.NONE) == (not row.holds or label is Label.STATISTICS)


@pytest.mark.parametrize("role", [role for role in RIGHTS if role.agency])
def test_a_role_writes_only_what_its_service_answers_for(role: Role) -> None:
    agency = role.agency
    assert agency is not None
    written = [label for label, grant in RIGHTS[role].grants.items() if grant in WRITING]
    assert [label for label in written if not RESPONSIBILITIES[label][agency].holds] == []
