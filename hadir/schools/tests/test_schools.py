"""Schools are known by eight digits."""

import pytest
from django.db import IntegrityError, transaction

from hadir.conftest import NOW, World
from hadir.core.errors import HadirError
from hadir.schools.models import School
from hadir.schools.queries import has_demo_region, office_name
from hadir.schools.services import add_school


@pytest.mark.parametrize("npsn", ["", "1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨", "12345678\n9"])
def test_an_npsn_is_eight_digits(world: World, npsn: str):
    with pytest.raises(HadirError) as error:
        add_school(npsn=npsn, name="SDN Uji", level="SD", district=world.district, now=NOW)
    assert error.value.code == "npsn_invalid"
    with pytest.raises(IntegrityError), transaction.atomic():
        School.objects.create(
            npsn=npsn[:8] if npsn[:8] != "12345678" else "1", name="x", level="SD", district=world.district
        )


def test_zeros_lead_and_numbers_are_taken_once(world: World):
    school = add_school(npsn=" 00000001 ", name=" SDN  Uji ", level="SD", district=world.district, now=NOW)
    assert (school.npsn, school.name) == ("00000001", "SDN Uji")
    with pytest.raises(HadirError, match="00000001") as error:
        add_school(npsn="00000001", name="SDN Lain", level="SD", district=world.district, now=NOW)
    assert error.value.code == "npsn_taken"


def test_the_office_has_a_name(world: World):
    assert office_name() == world.region.name
    assert not has_demo_region()
