"""Every role against every permission, written out: what the declaration must say."""

from __future__ import annotations

import itertools

import pytest

from saas.accounts import permissions

# Columns: village doctor, GP, nurse, pharmacist, family planning, administrator, reviewer.
TRUTH = {
    "residents.read": "YYYYYYN",
    "residents.write": "YYYNYYN",
    "residents.merge": "NNNNNYN",
    "visits.read": "YYYNYYN",
    "visits.write": "YYYNYYN",
    "openings.read": "YYYYYYY",
    "bringing.manage": "NNNNNYN",
    "public_health.read": "YYYNNNN",
    "public_health.write": "YYYNNNN",
    "public_health.treat": "YYNNNNN",
    "figures.read": "YYYNNYN",
    "figures.manage": "NYYNNYN",
    "staff.manage": "NNNNNYN",
    "sites.manage": "NNNNNYN",
    "clinic.manage": "NNNNNYN",
    "clinic.archive": "NNNNNYN",
    "audit.read": "NNNNNYN",
    "audit.review": "NNNNNNY",
    "account.own": "YYYYYYY",
}
CASES = [
    (role, permission, answer == "Y")
    for permission, answers in TRUTH.items()
    for role, answer in zip(permissions.ROLES, answers, strict=True)
]


@pytest.mark.parametrize(("role", "permission", "allowed"), CASES)
def test_a_role_may_what_the_table_says(role: str, permission: str, *, allowed: bool) -> None:
    assert permissions.may([role], permission) is allowed


def test_the_table_holds_every_permission_and_every_role() -> None:
    assert TRUTH.keys() == permissions.GRANTS.keys()
    assert len(set(permissions.ROLES)) == 7
    assert set().union(*permissions.GRANTS.values()) == set(permissions.ROLES)


@pytest.mark.parametrize("permission", ["", "residents", "residents.delete", "residents.READ", "*"])
def test_an_unknown_permission_is_refused_to_everybody(permission: str) -> None:
    assert not permissions.may(permissions.ROLES, permission)


@pytest.mark.parametrize("roles", [[], ["operator"], ["clinic_admin "], ["CLINIC_ADMIN"]])
def test_an_unknown_role_may_nothing(roles: list[str]) -> None:
    assert not any(permissions.may(roles, permission) for permission in permissions.GRANTS)


def test_several_roles_may_what_each_of_them_may() -> None:
    for one, other in itertools.combinations(permissions.ROLES, 2):
        for permission in permissions.GRANTS:
            together = permissions.may([one, other], permission)
            alone = permissions.may([one], permission) or permissions.may([other], permission)
            assert together is alone


@pytest.mark.parametrize("role", sorted(permissions.CLINICAL))
def test_nobody_is_clinical_and_audit_reviewer(role: str) -> None:
    assert not permissions.may_hold_together([role, permissions.AUDIT_REVIEWER])
    assert not permissions.may_hold_together([role, permissions.CLINIC_ADMIN, permissions.AUDIT_REVIEWER])


def test_every_other_pair_of_roles_goes_together() -> None:
    for pair in itertools.combinations(permissions.ROLES, 2):
        refused = permissions.AUDIT_REVIEWER in pair and bool(permissions.CLINICAL & set(pair))
        assert permissions.may_hold_together(pair) is not refused


def test_the_administrator_alone_is_one() -> None:
    assert [role for role in permissions.ROLES if permissions.is_administrator([role])] == [
        permissions.CLINIC_ADMIN
    ]
