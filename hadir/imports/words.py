"""What codes of doubts, notes and fields say on screens."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hadir.people.models import Salutation, StaffKind
from hadir.schools.models import Level, TimeZone

DOUBTS: Mapping[str, Promise] = {
    "nip_damaged": _("NIP rusak: Excel mengubahnya menjadi bilangan dan angka terakhirnya hilang."),
    "nip_formula": _("NIP berupa rumus yang belum dihitung. Buka berkasnya di Excel, simpan, lalu unggah lagi."),
    "nip_length": _("NIP tidak terdiri atas 18 angka."),
    "nip_zeros": _("NIP kurang satu atau dua angka."),
    "nuptk_damaged": _("NUPTK rusak: Excel mengubahnya menjadi bilangan dan angka terakhirnya hilang."),
    "nuptk_formula": _("NUPTK berupa rumus yang belum dihitung. Buka berkasnya di Excel, simpan, lalu unggah lagi."),
    "nuptk_length": _("NUPTK tidak terdiri atas 16 angka."),
    "nuptk_zeros": _("NUPTK kurang satu atau dua angka; mungkin nol di depannya hilang."),
    "status_missing": _("Status kepegawaian kosong."),
    "status_unknown": _("Status kepegawaian ini tidak dikenal."),
    "name_long": _("Nama lebih panjang dari 160 huruf dan terpotong."),
    "twice_in_file": _("Nomor atau nama ini ada di lebih dari satu baris."),
    "numbers_of_two": _("NIP dan NUPTK-nya milik dua orang yang berbeda di Hadir."),
    "nip_other": _("NUPTK-nya sama, tetapi NIP-nya berbeda dari yang tercatat."),
    "nuptk_other": _("NIP-nya sama, tetapi NUPTK-nya berbeda dari yang tercatat."),
    "name_other": _("Nomornya sudah tercatat atas nama lain."),
    "same_name": _("Namanya sama dengan orang di sekolah ini, tetapi nomornya tidak dapat memastikan."),
    "like_name": _("Namanya mirip dengan orang di sekolah ini, dan tidak ada nomor yang memastikan."),
    "person_twice": _("Dua baris menunjuk ke orang yang sama."),
    "elsewhere": _("Orang ini tercatat di sekolah lain. Pastikan ia memang bertugas juga di sini."),
    "home_twice": _(
        "Berkas menyebut sekolah ini induknya, padahal induknya tercatat di sekolah lain. "
        "Bila orang ini dipilih, induknya pindah ke sini."
    ),
    "several_duties": _(
        "Orang ini punya beberapa tugas di sekolah ini, dan tugas di berkas tidak sama dengan satu pun."
    ),
    "npsn_missing": _("NPSN kosong."),
    "npsn_damaged": _("NPSN rusak."),
    "npsn_formula": _("NPSN berupa rumus yang belum dihitung. Buka berkasnya di Excel, simpan, lalu unggah lagi."),
    "npsn_length": _("NPSN tidak terdiri atas 8 angka."),
    "npsn_zeros": _("NPSN kurang satu atau dua angka; mungkin nol di depannya hilang."),
    "level_outside": _("Jenjang ini di luar TK, SD, dan SMP."),
    "level_missing": _("Jenjang kosong."),
    "zone_unknown": _("Zona waktu tidak dikenal. Tulis WIB, WITA, atau WIT."),
    "district_missing": _("Kecamatan kosong."),
    "district_like": _("Kecamatan ini belum ada, tetapi mirip dengan yang sudah ada. Mungkin salah ketik."),
    "other_region": _("NPSN ini tercatat di wilayah lain."),
}
NOTES: Mapping[str, Promise] = {
    "nip_birth_differs": _("Tanggal lahir di NIP lain dari kolom Tanggal Lahir."),
    "nip_sex_differs": _("Jenis kelamin di NIP lain dari kolom JK."),
    "returns": _("Pernah bertugas di sini; mulai lagi."),
    "joins": _("Sudah ada di Hadir, di sekolah lain; ditambahkan juga di sini."),
    "home_kept": _("Berkas menyebut sekolah ini induknya. Induknya tetap di sekolah lain sampai dinas memindahkannya."),
    "kept_elsewhere": _("Nama dan nomornya diurus sekolah induknya, jadi tidak diubah dari sini."),
}
FIELDS: Mapping[str, Promise | str] = {
    "name": _("nama"),
    "nip": "NIP",
    "nuptk": "NUPTK",
    "salutation": _("sapaan"),
    "title_front": _("gelar depan"),
    "title_back": _("gelar belakang"),
    "duty": _("tugas"),
    "staff_kind": _("status kepegawaian"),
    "is_home": _("sekolah induk"),
    "level": _("jenjang"),
    "district": _("kecamatan"),
    "island": _("pulau"),
    "time_zone": _("zona waktu"),
    "address": _("alamat"),
}
VALUES: Mapping[str, Promise | str] = {
    **dict(StaffKind.choices),
    **dict(Salutation.choices),
    **dict(Level.choices),
    **dict(TimeZone.choices),
    "ya": _("ya"),
    "tidak": _("tidak"),
    "": _("kosong"),
}
RESULTS: Mapping[str, Promise] = {
    "added": _("ditambahkan"),
    "joined": _("ditugaskan juga di sini"),
    "changed": _("diubah"),
    "ended": _("diakhiri"),
    "same": _("tetap sama"),
    "kept": _("tidak ada di berkas, dibiarkan"),
    "left": _("belum dikerjakan"),
}


def reason(code: str) -> str:
    """Return what a doubt or note says."""
    return str(DOUBTS.get(code) or NOTES[code])


def value(field: str, text: str) -> str:
    """Return a value as people read it; names and addresses as they are."""
    named = field in {"staff_kind", "salutation", "level", "time_zone", "is_home"} or not text
    return str(VALUES.get(text, text)) if named else text
