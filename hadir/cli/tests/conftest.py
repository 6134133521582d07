"""The school week is that of attendance's tests; the engine and the key folder are those of enrolment's tests."""

from hadir.attendance.tests.conftest import one_pack, week
from hadir.enrolment.tests.conftest import engine, key_folder

__all__ = ["engine", "key_folder", "one_pack", "week"]
