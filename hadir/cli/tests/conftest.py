"""The engine and the key folder are those of enrolment's tests."""

from hadir.enrolment.tests.conftest import engine, key_folder

__all__ = ["engine", "key_folder"]
