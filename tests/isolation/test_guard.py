"""A session factory is bound whatever stood in its place in memory before."""

from __future__ import annotations

from sqlalchemy.orm import Session, sessionmaker

from tenants.binding import begin_as_clinic, guard


def test_each_of_many_factories_is_bound_once() -> None:
    """Factories come and go at the same address; one that were taken for bound would not be."""
    for _ in range(300):
        factory: sessionmaker[Session] = sessionmaker()
        guard(factory)
        guard(factory)
        assert list(factory().dispatch.after_begin) == [begin_as_clinic]
