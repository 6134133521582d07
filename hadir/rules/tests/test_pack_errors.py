"""What is said about a rule pack that can't be used: always with the place of the value."""

from pathlib import Path

import pytest

from hadir.rules.pack import load_pack, load_pack_file, read_pack
from hadir.rules.reader import PackError
from hadir.rules.tests.packs import TEXT, changed

WRONG = [
    ("format", ("format = 1", "format = 2"), "format", "membaca format 1"),
    ("no format", ("format = 1", ""), "format", "belum diisi"),
    ("name", ('nama = "contoh"', 'nama = "Contoh Kita"'), "nama", "huruf kecil"),
    ("name is a number", ('nama = "contoh"', "nama = 3"), "nama", "harus teks dalam tanda kutip (tertulis: 3)"),
    ("key", ('judul = "Paket contoh"', 'judul = "x"\njudull = "x"'), "judull", "tidak dikenal"),
    (
        "key deep",
        ("sesudah_menit = 240", "sesudah_menit = 240\nsesudah = 1"),
        "aturan.jendela[1].sesudah",
        "tidak dikenal",
    ),
    ("rule key", ("[[aturan.jendela]]", "[[aturan.jendla]]"), "aturan.jendela", "belum diisi"),
    ("no value", ("[[aturan.jarak_scan]]", "[aturan.jarak_scan]"), "aturan.jarak_scan", "harus daftar tabel"),
    ("text for minutes", ("sebelum_menit = 120", 'sebelum_menit = "dua"'), "aturan.jendela[1].sebelum_menit", "bulat"),
    ("negative", ("sebelum_menit = 120", "sebelum_menit = -1"), "aturan.jendela[1].sebelum_menit", "mulai 0"),
    (
        "window of many days",
        ("sesudah_menit = 240", "sesudah_menit = 4000"),
        "aturan.jendela[1].sesudah_menit",
        "mulai 0 sampai 1440 (tertulis: 4000)",
    ),
    (
        "minutes without end",
        ("sebelum_menit = 120", "sebelum_menit = 999999999999999"),
        "aturan.jendela[1].sebelum_menit",
        "sampai 1440",
    ),
    (
        "hexadecimal digits without end",
        ("sebelum_menit = 120", f"sebelum_menit = 0x{'f' * 9000}"),
        "aturan.jendela[1].sebelum_menit",
        "terlalu panjang",
    ),
    (
        "window past the next day",
        ("sesudah_menit = 240", "sesudah_menit = 1021"),
        "pola.jaga-malam",
        "melewati akhir hari berikutnya (mulai 2020-01-01)",
    ),
    ("days without end", ("{ hari = 28,", "{ hari = 367,"), "disiplin.PNS[1].langkah[9].hari", "sampai 366"),
    ("no number", ("bagian_hari = 0.5", "bagian_hari = nan"), "aturan.batas_sisi[1].bagian_hari", "tertulis: NaN"),
    ("endless", ("bagian_hari = 0.5", "bagian_hari = inf"), "aturan.batas_sisi[1].bagian_hari", "0 sampai 1"),
    ("flag for minutes", ("sebelum_menit = 120", "sebelum_menit = true"), "aturan.jendela[1].sebelum_menit", "bulat"),
    ("zero apart", ("menit = 30", "menit = 0"), "aturan.jarak_scan[1].menit", "mulai 1"),
    ("share", ("bagian_hari = 0.5", "bagian_hari = 1.5"), "aturan.batas_sisi[1].bagian_hari", "0 sampai 1"),
    ("share is a flag", ("bagian_hari = 0.5", "bagian_hari = true"), "aturan.batas_sisi[1].bagian_hari", "bilangan"),
    (
        "date with a time",
        ("berlaku_mulai = 2020-01-01", "berlaku_mulai = 2020-01-01T00:00:00"),
        "pola.5hari[1].berlaku_mulai",
        "tanpa jam",
    ),
    (
        "date as text",
        ("berlaku_mulai = 2020-01-01", 'berlaku_mulai = "2020-01-01"'),
        "pola.5hari[1].berlaku_mulai",
        "harus tanggal",
    ),
    (
        "flag as text",
        ("tetap_di_hari_libur = true", 'tetap_di_hari_libur = "ya"'),
        "pola.jaga-malam[1].tetap_di_hari_libur",
        "true atau false",
    ),
    ("weekday", ("senin = {", "senen = {"), "pola.5hari[1].hari.senen", "tidak dikenal"),
    ("hours", ('jam = "07:30-16:00"', 'jam = "7.30-16:00"'), "pola.5hari[1].hari.senin.jam", "'7.30' tidak terbaca"),
    (
        "hours turned",
        ('jam = "07:30-16:00"', 'jam = "16:00-07:30"'),
        "pola.5hari[1].hari.senin.jam",
        "berakhir sebelum",
    ),
    (
        "hours too long",
        ('jam = "20:00-+1 07:00"', 'jam = "20:00-+1 20:01"'),
        "pola.jaga-malam[1].hari.senin.jam",
        "24 jam",
    ),
    (
        "hours tomorrow",
        ('jam = "20:00-+1 07:00"', 'jam = "+1 01:00-+1 07:00"'),
        "pola.jaga-malam[1].hari.senin.jam",
        "24 jam",
    ),
    (
        "break",
        ('istirahat = ["12:00-13:00"]', 'istirahat = ["12:00"]'),
        "pola.5hari[1].hari.senin.istirahat",
        "tidak terbaca",
    ),
    (
        "break outside",
        ('istirahat = ["12:00-13:00"]', 'istirahat = ["15:30-16:30"]'),
        "pola.5hari[1].hari.senin.istirahat",
        "tidak di dalam",
    ),
    (
        "break a number",
        ('istirahat = ["12:00-13:00"]', "istirahat = [12]"),
        "pola.5hari[1].hari.senin.istirahat",
        "teks",
    ),
    (
        "break over the whole shift",
        ('istirahat = ["12:00-13:00"]', 'istirahat = ["07:30-16:00"]'),
        "pola.5hari[1].hari.senin.istirahat",
        "menutupi seluruh jam kerja",
    ),
    (
        "breaks over all but seconds",
        ('istirahat = ["12:00-13:00"]', 'istirahat = ["12:00-15:59:30", "07:30-12:30"]'),
        "pola.5hari[1].hari.senin.istirahat",
        "menutupi seluruh jam kerja",
    ),
    (
        "bands turned",
        ("mulai_menit = 31", "mulai_menit = 1"),
        "aturan.golongan_terlambat[1].golongan[2].mulai_menit",
        "lebih besar",
    ),
    (
        "band no table",
        ('{ kode = "TL2", mulai_menit = 31 }', "31"),
        "aturan.golongan_terlambat[1].golongan[2]",
        "harus tabel",
    ),
    ("steps turned", ("{ hari = 4,", "{ hari = 3,"), "disiplin.PNS[1].langkah[2].hari", "lebih besar"),
    (
        "step key",
        ('{ hari = 4, hukuman = "teguran tertulis" }', '{ hari = 4, hukuman = "x", tingkat = 1 }'),
        "disiplin.PNS[1].langkah[2].tingkat",
        "tidak dikenal",
    ),
    (
        "same steps as nobody",
        ('seperti = "PNS"', 'seperti = "TNI"'),
        "disiplin.CPNS.seperti",
        "TNI tidak punya langkah",
    ),
    (
        "same steps as itself",
        ('seperti = "PNS"', 'seperti = "CPNS"'),
        "disiplin.CPNS.seperti",
        "CPNS tidak punya langkah",
    ),
    (
        "leave for nothing",
        ('nama = "Sakit"\nsehari = true', 'nama = "Sakit"'),
        "ketidakhadiran.S[1].sehari",
        "atau keduanya",
    ),
    ("kind of staff", ("[[disiplin.GTY]]", "[[disiplin.GTT]]"), "disiplin.GTT", "GTT tidak dikenal"),
    ("percent of no code", ("TL2 = 1,", "TL9 = 1,"), "potongan.kementan-2012.persen.TL9", "TL9 tidak dikenal"),
    ("percent of a day off", ("A = 4", "L = 4"), "potongan.kementan-2012.persen.L", "L tidak dikenal"),
    (
        "free days of no code",
        ("hari_bebas = { S = 2 }", "hari_bebas = { SS = 2 }"),
        "potongan.kemenag-2014.hari_bebas.SS",
        "SS tidak dikenal",
    ),
    ("status", ('status = ["H", "DL"]', 'status = ["HADIRR"]'), "aturan.persen_hadir.status", "Yang ada: A, CAP"),
    ("code of a missing side", ('kode = "TL4"', 'kode = "TLL4"'), "aturan.tanpa_masuk.kode", "TL1, TL2"),
    ("code of the other side", ('kode = "PSW4"\nbagian', 'kode = "TL4"\nbagian'), "aturan.tanpa_pulang.kode", "PSW1"),
    ("code of an absence", ('kode = "TL4"', 'kode = "A"'), "aturan.tanpa_masuk.kode", "Yang ada: TL1, TL2, TL3, TL4."),
    ("source", ('sumber = "Contoh sendiri"', 'sumber = " "'), "pola.jaga-malam[1].sumber", "tulis dari mana"),
    ("percent", ("TL2 = 1,", "TL2 = 101,"), "potongan.kementan-2012[1].persen.TL2", "0 sampai 100"),
    (
        "free days",
        ("hari_bebas = { S = 2 }", "hari_bebas = { S = 0.5 }"),
        "potongan.kemenag-2014[1].hari_bebas.S",
        "bilangan bulat",
    ),
    ("long value", ("format = 1", f'format = "{"x" * 99}"'), "format", "xxx..."),
    (
        "missing costs less",
        ('kode = "PSW4"\nbagian_hari = 0.5', 'kode = "PSW4"\nbagian_hari = 0.4'),
        "aturan.tanpa_pulang.bagian_hari",
        "kurang dari aturan.batas_sisi",
    ),
    (
        "missing costs too much",
        ('kode = "TL4"\nbagian_hari = 0.5', 'kode = "TL4"\nbagian_hari = 0.6'),
        "aturan.tanpa_masuk.bagian_hari",
        "lebih dari satu hari",
    ),
]


@pytest.mark.parametrize(("change", "place", "message"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_is_wrong_is_said_with_its_place(change: tuple[str, str], place: str, message: str):
    with pytest.raises(PackError) as caught:
        changed(change)
    assert caught.value.place == place
    assert str(caught.value).startswith(f"{place}: ")
    assert message in str(caught.value)
    assert caught.value.code in {"pack_value", "pack_unknown_key"}


def test_two_values_of_one_date():
    again = '\n[[aturan.jarak_scan]]\nberlaku_mulai = 2020-01-01\nsumber = "uji"\ncatatan = ""\nmenit = 45\n'
    with pytest.raises(PackError, match=r"jarak_scan\[2\]\.berlaku_mulai: 2020-01-01 sudah dipakai"):
        read_pack((TEXT + again).encode())


def test_a_key_without_values_and_a_pattern_without_days():
    start = TEXT.index("[[aturan.jarak_scan]]")
    end = TEXT.index("[[aturan.batas_sisi]]")
    with pytest.raises(PackError, match=r"aturan\.jarak_scan: belum punya nilai"):
        read_pack(
            (TEXT[:start] + TEXT[end:])
            .replace("[[aturan.jendela]]", "[aturan]\njarak_scan = []\n[[aturan.jendela]]")
            .encode()
        )
    empty = '\n[[pola.kosong]]\nberlaku_mulai = 2020-01-01\nsumber = "uji"\ncatatan = ""\njudul = "x"\n'
    with pytest.raises(PackError, match=r"pola\.kosong\[1\]\.hari: belum berisi"):
        read_pack((TEXT + empty).encode())


def test_an_empty_pack_says_what_is_missing_first():
    with pytest.raises(PackError, match="format: belum diisi"):
        read_pack(b"")


def test_a_later_share_is_checked_too_and_a_lone_early_one_waits_for_the_others():
    later = '\n[[aturan.batas_sisi]]\nberlaku_mulai = 2027-01-01\nsumber = "uji"\ncatatan = ""\nbagian_hari = 0.7\n'
    with pytest.raises(PackError, match=r"kurang dari aturan\.batas_sisi pada 2027-01-01"):
        read_pack((TEXT + later).encode())
    early = '\n[[aturan.batas_sisi]]\nberlaku_mulai = 2019-01-01\nsumber = "uji"\ncatatan = ""\nbagian_hari = 0.7\n'
    assert read_pack((TEXT + early).encode()).name == "contoh"


NO_TOML = [b"nama = \n", b"\xff\xfe", b"x = " + b"[" * 3000 + b"]" * 3000, b"x = " + b"9" * 9000]


@pytest.mark.parametrize("data", NO_TOML, ids=["no value", "no UTF-8", "nested", "digits"])
def test_what_is_not_toml(data: bytes, tmp_path: Path):
    path = tmp_path / "rusak.toml"
    path.write_bytes(data)
    with pytest.raises(PackError, match=r"^rusak\.toml: bukan TOML yang benar") as caught:
        load_pack_file(path)
    assert caught.value.code == "pack_syntax"


@pytest.mark.parametrize("name", ["../contoh", "Contoh", "", "tidak-ada"])
def test_a_pack_that_is_not_there(name: str):
    with pytest.raises(PackError) as caught:
        load_pack(name)
    assert caught.value.code == "pack_missing"


def test_a_file_that_cannot_be_read(tmp_path: Path):
    with pytest.raises(PackError, match=r"^hilang\.toml: berkas tidak dapat dibaca") as caught:
        load_pack_file(tmp_path / "hilang.toml")
    assert caught.value.code == "pack_missing"


def test_a_window_that_reaches_too_far_is_refused_from_the_date_on_which_it_does():
    text = '\n[[aturan.jendela]]\nberlaku_mulai = {}\nsumber = "uji"\ncatatan = ""\n'
    text += "sebelum_menit = 1\nsesudah_menit = {}\n"
    with pytest.raises(PackError, match=r"^pola\.jaga-malam: .* \(mulai 2026-10-01\)"):
        read_pack((TEXT + text.format("2026-10-01", 1440)).encode())
    assert read_pack((TEXT + text.format("2019-01-01", 1440)).encode()).name == "contoh"
