"""A pack in use must have what is used of it: saving and choosing are refused where something would be missing."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hadir.conftest import World
from hadir.core.errors import HadirError
from hadir.people.models import DayMark, StaffKind
from hadir.rules.pack import BUILT_IN, STAFF_KINDS
from hadir.schedules.corrections import end_row
from hadir.schedules.models import PackVersion, RulePackChoice
from hadir.schedules.office_packs import list_packs, notice_edits, save_pack
from hadir.schedules.services import choose_pack, override_pattern, set_hours

NOW = datetime(2026, 9, 1, tzinfo=UTC)
START = date(2026, 1, 1)
LATER = date(2026, 9, 14)
OWN = (BUILT_IN / "contoh.toml").read_text(encoding="utf-8").replace('nama = "contoh"', 'nama = "kantor"')
GAP = OWN.replace("[[aturan.jendela]]\nberlaku_mulai = 2020-01-01", "[[aturan.jendela]]\nberlaku_mulai = 2027-01-01")
RENAMED = OWN.replace("pola.5hari", "pola.limahari")


@pytest.fixture(autouse=True)
def office(settings: Any, tmp_path: Path) -> Path:
    """An office with no packs of its own."""
    settings.HADIR_DATA = tmp_path
    return tmp_path


def save(text: str) -> None:
    save_pack(data=text.encode(), reason="uji", now=NOW)


def choose(world: World, day: date = START, pack: str = "kantor") -> None:
    choose_pack(region=world.region, pack=pack, valid_from=day, reason="uji", now=NOW)


def refused(text: str) -> str:
    with pytest.raises(HadirError) as caught:
        save(text)
    assert caught.value.code == "rule_pack_lacks"
    return caught.value.message


def test_a_value_that_begins_too_late_is_refused_and_the_file_stays(world: World, office: Path):
    save(GAP)
    save(OWN)
    choose(world)
    words = refused(GAP)
    assert "aturan.jendela: baru berlaku 2027-01-01" in words
    assert world.region.name in words
    assert (office / "rules" / "kantor.toml").read_text(encoding="utf-8") == OWN
    refused(
        OWN.replace("[[aturan.persen_hadir]]\nberlaku_mulai = 2020", "[[aturan.persen_hadir]]\nberlaku_mulai = 2027")
    )


@pytest.mark.parametrize("scope", ["region", "kota", "siti"])
def test_a_pattern_in_use_is_not_taken_out(world: World, scope: str):
    save(OWN)
    choose(world)
    set_hours(scope=getattr(world, scope), pattern="5hari", valid_from=LATER, now=NOW)
    assert "pola 5hari, dipakai pada 2026-09-14" in refused(RENAMED)
    save(OWN + RENAMED[RENAMED.index("[[pola.limahari]]") : RENAMED.index("[[pola.6hari]]")])
    save(OWN.replace("pola.6hari", "pola.enamhari"))


def test_a_pattern_that_begins_after_it_is_used_is_refused(world: World):
    save(OWN)
    choose(world)
    set_hours(scope=world.region, pattern="5hari", valid_from=date(2025, 1, 1), now=NOW)
    late = "[[pola.5hari]]\nberlaku_mulai = 2026-02-01"
    assert "pola 5hari, dipakai pada 2026-01-01" in refused(
        OWN.replace("[[pola.5hari]]\nberlaku_mulai = 2020-01-01", late)
    )


def test_ramadan_keeps_both_its_patterns(world: World):
    save(OWN)
    choose(world)
    dates: dict[str, Any] = {"valid_from": LATER, "valid_to": LATER, "now": NOW}
    override_pattern(scope=world.kota, pattern="5hari", instead="ramadan5", name="Ramadan", **dates)
    assert "pola ramadan5, dipakai pada 2026-09-14" in refused(OWN.replace("pola.ramadan5", "pola.puasa"))
    assert "pola 5hari" in refused(RENAMED)


def test_what_is_over_or_hidden_is_not_in_use(world: World):
    """A pattern is renamed by adding the new one, changing the hours, and taking the old one out."""
    both = OWN + RENAMED[RENAMED.index("[[pola.limahari]]") : RENAMED.index("[[pola.6hari]]")]
    set_hours(scope=world.region, pattern="5hari", valid_from=date(2020, 1, 1), now=NOW)
    ended = set_hours(scope=world.kota, pattern="5hari", valid_from=date(2020, 1, 1), now=NOW)
    end_row(row=ended, valid_to=START - timedelta(days=1), reason="uji", now=NOW)
    save(both)
    choose(world)
    set_hours(scope=world.region, pattern="limahari", valid_from=START, valid_to=LATER, now=NOW)
    assert "pola 5hari, dipakai pada 2026-09-15" in refused(RENAMED)
    set_hours(scope=world.region, pattern="", valid_from=LATER + timedelta(days=1), now=NOW)
    save(RENAMED)


def test_a_pack_without_a_pattern_in_use_is_not_chosen_and_another_region_or_time_is_free(world: World):
    set_hours(scope=world.region, pattern="5hari", valid_from=LATER, now=NOW)
    save(RENAMED)
    with pytest.raises(HadirError) as caught:
        choose(world)
    assert caught.value.code == "rule_pack_lacks"
    choose(world, LATER, pack="contoh")
    choose(world)
    save(RENAMED + "\n# lagi\n")


def test_a_copy_that_still_carries_another_name_is_refused_and_never_noticed(world: World, office: Path):
    (office / "rules").mkdir()
    (office / "rules" / "sumenep.toml").write_text(OWN, encoding="utf-8")
    with pytest.raises(HadirError) as caught:
        choose(world, pack="sumenep")
    assert caught.value.code == "rule_pack_unusable"
    assert 'sumenep.toml berisi nama = "kantor"; tulis nama = "sumenep"' in caught.value.message
    assert [one.name for one in list_packs() if one.problem] == ["sumenep"]
    RulePackChoice.objects.create(region=world.region, pack="sumenep", valid_from=START, note="uji", created_at=NOW)
    notice_edits(now=NOW)
    DayMark.objects.all().delete()
    assert notice_edits(now=NOW) == []
    assert not DayMark.objects.exists()


def test_an_edit_is_noticed_once_also_after_the_clock_was_ahead(world: World, office: Path):
    save_pack(data=OWN.encode(), reason="uji", now=NOW + timedelta(days=400))
    choose(world)
    (office / "rules" / "kantor.toml").write_text(OWN + "\n# lagi\n", encoding="utf-8")
    assert len(notice_edits(now=NOW)) == 1
    assert notice_edits(now=NOW) == []
    assert PackVersion.objects.filter(pack="kantor").count() == 2


def test_a_pack_knows_the_kinds_of_staff_that_there_are():
    assert set(StaffKind.values) == STAFF_KINDS
