"""Writing schools."""

import re
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.schools.models import NPSN_PATTERN, District, Island, Level, School, TimeZone


@transaction.atomic
def add_school(
    *,
    npsn: str,
    name: str,
    level: str,
    district: District,
    now: datetime,
    island: Island | None = None,
    time_zone: str = TimeZone.WIB,
    address: str = "",
    by: AbstractBaseUser | None = None,
) -> School:
    """Add a school. Raises HadirError `npsn_invalid`, `npsn_taken`, `name_missing`, `text_*`."""
    npsn = npsn.strip()
    if not re.fullmatch(NPSN_PATTERN.strip("^$"), npsn):
        raise HadirError("npsn_invalid")
    if School.objects.filter(npsn=npsn).exists():
        raise HadirError("npsn_taken", npsn=npsn)
    name = clean_text(name, field="nama sekolah", limit=160)
    if not name:
        raise HadirError("name_missing")
    school = School.objects.create(
        npsn=npsn,
        name=name,
        level=Level(level),
        district=district,
        island=island,
        time_zone=TimeZone(time_zone),
        address=clean_text(address, field="alamat", limit=200),
    )
    record_audit(actor=by, action="add_school", object_kind="school", object_id=school.pk, now=now)
    return school
