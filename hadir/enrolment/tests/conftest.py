"""The real engine, once for all tests of enrolment, and people to enrol."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hadir.accounts.models import User
from hadir.conftest import NOW
from hadir.enrolment.models import TemplateSource
from hadir.enrolment.results import ImagesResult
from hadir.enrolment.services import enrol_images
from hadir.enrolment.tests.faces import photo
from hadir.face import Engine, PackError
from hadir.people.models import Person

Enrol = Callable[..., ImagesResult]


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Load the open pack; skip where set-up could not build it."""
    try:
        return Engine.load("open")
    except PackError as error:
        pytest.skip(str(error))


@pytest.fixture(autouse=True)
def key_folder(settings: Any, tmp_path: Path) -> Path:
    """Give every test its own key file: a key belongs to one database."""
    settings.HADIR_TEMPLATE_KEY_FILE = tmp_path / "keys" / "templates.key"
    return tmp_path / "keys"


@pytest.fixture
def enrol(engine: Engine) -> Enrol:
    """Enrol a person from sample portraits."""

    def enrol_person(person: Person, *names: str, by: User | None = None) -> ImagesResult:
        images = [photo(name) for name in names]
        return enrol_images(person=person, images=images, by=by, now=NOW, engine=engine, source=TemplateSource.CLI)

    return enrol_person
