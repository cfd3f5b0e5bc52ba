"""Synthetic staff of a demo clinic: one person per role, the administrator with a second factor."""

from __future__ import annotations

import secrets
import typing

from saas.accounts import permissions, second_factor, staff_secrets
from saas.accounts.factor import key_context
from saas.accounts.models import Site, Staff
from saas.accounts.passwords import hasher
from saas.db import new_id, session
from saas.demo.mark import Account

if typing.TYPE_CHECKING:
    import datetime

    from saas.web.clinic import Clinic

PEOPLE = (
    ("admin", permissions.CLINIC_ADMIN, "ئايگۈل سىناق", "阿依古丽·斯纳克", "ug"),
    ("doctor", permissions.VILLAGE_DOCTOR, "ئادىل سىناق", "阿迪力·斯纳克", "ug"),
    ("gp", permissions.TOWNSHIP_GP, "李试验", "", "zh"),
    ("nurse", permissions.PUBLIC_HEALTH_NURSE, "پاتىگۈل سىناق", "帕提古丽·斯纳克", "ug"),
    ("pharmacist", permissions.PHARMACIST, "王试验", "", "zh"),
    ("counsellor", permissions.FP_PROVIDER, "رەنا سىناق", "热娜·斯纳克", "ug"),
    ("reviewer", permissions.AUDIT_REVIEWER, "陈试验", "", "zh"),
)


def add_staff(clinic: Clinic, number: int, now: datetime.datetime) -> list[Account]:
    """One person per role; user names end in the demo clinic's number, so that each is unique."""
    sites = session.query(Site).order_by(Site.kind, Site.code).all()
    made = []
    for stem, role, name, other, language in PEOPLE:
        # The village doctor has her own place; who works at the centre cares for all villages.
        places = sites[-1:] if role == permissions.VILLAGE_DOCTOR else sites
        staff = Staff(
            id=new_id(),
            username=f"{stem}{number}",
            name=name,
            name_other=other,
            roles=[role],
            site_ids=[str(site.id) for site in places],
            language=language,
            created_at=now,
            acts_seen_at=now,
        )
        session.add(staff)
        session.flush()
        made.append(_with_secret(clinic, staff, now))
    return made


INVENTED = "practice"
"""The user name of the invented doctor of a practice clinic."""


def add_invented(now: datetime.datetime) -> None:
    """The doctor who wrote the invented records of a practice clinic; nobody can sign in as her."""
    sites = session.query(Site).order_by(Site.kind, Site.code).all()
    invented = Staff(
        id=new_id(),
        username=INVENTED,
        name="ئادىل سىناق",
        name_other="阿迪力·斯纳克",
        roles=[permissions.VILLAGE_DOCTOR],
        site_ids=[str(site.id) for site in sites],
        created_at=now,
        acts_seen_at=now,
        disabled_at=now,
    )
    session.add(invented)
    session.flush()
    # A password that nobody is told, and that ran out before it could be used.
    staff_secrets.add(invented.id, hasher().hash(secrets.token_hex(16)), now, temporary_until=now)


def _with_secret(clinic: Clinic, staff: Staff, now: datetime.datetime) -> Account:
    password = f"demo {secrets.token_hex(4)} {secrets.token_hex(4)}"
    staff_secrets.add(staff.id, hasher().hash(password), now, temporary=False)
    key = ""
    if permissions.is_administrator(staff.roles):
        key = second_factor.new_key()
        staff_secrets.change(
            staff.id,
            totp_key=clinic.keys.seal(key, key_context(staff.id)),
            totp_confirmed_at=now,
            sheet_hash=hasher().hash(secrets.token_hex(16)),
            sheet_printed_at=now,
        )
    return Account(
        clinic_code=clinic.code,
        clinic_name=clinic.name_zh,
        role=staff.roles[0],
        username=staff.username,
        password=password,
        totp_key=key,
    )
