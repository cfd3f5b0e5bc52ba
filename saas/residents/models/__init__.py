"""The tables of the person: who she is, whom she is linked with, what she agreed to, who came to her."""

from saas.residents.models.care import Opening, Visit
from saas.residents.models.consent import Consent
from saas.residents.models.importing import ImportBatch
from saas.residents.models.link import ResidentLink
from saas.residents.models.person import STANDINGS, Counter, Resident, ResidentKey, ResidentName

__all__ = [
    "STANDINGS",
    "Consent",
    "Counter",
    "ImportBatch",
    "Opening",
    "Resident",
    "ResidentKey",
    "ResidentLink",
    "ResidentName",
    "Visit",
]
