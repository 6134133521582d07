"""What holds for every test: those that use the database can be run alone, and none is about time."""

import pytest
from hypothesis import HealthCheck, settings

# Properties are about what holds, not about how fast a busy machine finds out.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer --database-only, for the second database."""
    parser.addoption("--database-only", action="store_true", help="run only the tests that use the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what does not use the database when asked to."""
    if not config.getoption("--database-only"):
        return

    def uses_database(item: pytest.Item) -> bool:
        fixtures = set(getattr(item, "fixturenames", ()))
        return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)

    config.hook.pytest_deselected(items=[item for item in items if not uses_database(item)])
    items[:] = [item for item in items if uses_database(item)]
