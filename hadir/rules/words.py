"""The reasons of a verdict in sentences. Indonesian here; a caller may translate `template` before filling in `params`.

The number of a rule is that of docs/rules.md.
"""

from dataclasses import dataclass


def gettext_noop(text: str) -> str:
    """Mark a sentence for the message catalogue; this room knows no gettext."""
    return text


SENTENCES: dict[str, tuple[str, str]] = {
    "scan_outside": (
        "R1",
        gettext_noop("Catatan pukul {at} di luar jendela {start} sampai {end}: disimpan, tidak dihitung."),
    ),
    "no_schedule": ("R2", gettext_noop("Belum ada jam kerja yang ditetapkan untuk tanggal ini.")),
    "no_hours": ("R2", gettext_noop("Ditetapkan tanpa jam kerja di sekolah ini untuk tanggal ini.")),
    "no_shift": ("R2", gettext_noop("Pola {pattern} tidak punya jam kerja pada hari ini.")),
    "holiday": ("R2", gettext_noop("Hari libur menurut kalender.")),
    "joint_leave": ("R2", gettext_noop("Cuti bersama menurut kalender.")),
    "pupils_off": ("R2", gettext_noop("Libur siswa tetap hari kerja bagi pegawai.")),
    "works_on_holiday": ("R2", gettext_noop("Pola {pattern} tetap berlaku pada hari libur.")),
    "full_day": ("R3", gettext_noop("Disetujui untuk hari ini: {name} ({code}). Tidak ada menit yang dihitung.")),
    "full_day_several": ("R3", gettext_noop("Ada beberapa persetujuan sehari penuh ({codes}); yang dipakai {code}.")),
    "seen_on_leave": ("R3", gettext_noop("Ada catatan pada hari {code}; ditampilkan, tidak dihitung.")),
    "technical": ("R3", gettext_noop("Alasan teknis disetujui untuk hari ini: hadir tanpa menit.")),
    "correction": ("R3", gettext_noop("Koreksi yang disetujui, pukul {at}, dihitung seperti catatan.")),
    "leave_code_unknown": ("R3", gettext_noop("Kode {code} tidak ada di paket aturan; seseorang perlu memeriksanya.")),
    "day_not_over": ("R4", gettext_noop("Jendela catatan terbuka sampai {end}; hari ini belum selesai.")),
    "school_not_heard": (
        "R4",
        gettext_noop("Perangkat sekolah terdengar sampai {heard}; hari ini lengkap setelah terdengar sampai {end}."),
    ),
    "school_never_heard": (
        "R4",
        gettext_noop("Perangkat sekolah belum terdengar; hari ini lengkap setelah terdengar sampai {end}."),
    ),
    "declared_complete": ("R4", gettext_noop("Hari ini dinyatakan lengkap oleh petugas yang berwenang.")),
    "provisional": ("R4", gettext_noop("Sementara ini hanya keterlambatan bukti pertama yang dihitung.")),
    "nothing_yet": ("R4", gettext_noop("Belum ada bukti hadir; hari ini tertunda.")),
    "absent": ("R5", gettext_noop("Data hari ini lengkap dan tidak ada bukti hadir: tanpa keterangan.")),
    "outside_only": ("R5", gettext_noop("Hanya ada catatan di luar jendela; seseorang perlu memeriksanya.")),
    "fallback_waiting": (
        "R5",
        gettext_noop("Catatan cadangan pukul {at} belum diperiksa; hari ini dapat berubah."),
    ),
    "unplaced_waiting": (
        "R5",
        gettext_noop(
            "Catatan yang diterima {at} jam kiosnya diragukan dan mungkin dibuat pada hari ini; "
            "seseorang perlu memeriksanya."
        ),
    ),
    "pin_of_nobody": (
        "R5",
        gettext_noop(
            "Mesin di sekolahnya merekam PIN yang belum milik siapa pun ({at}), dan orang ini belum punya PIN di sana; "
            "seseorang perlu memasangkannya."
        ),
    ),
    "person_unknown": ("R5", gettext_noop("Orang ini belum dikenal oleh perangkat mana pun di sekolahnya.")),
    "wholly_excused": ("R5", gettext_noop("{code} mencakup seluruh jam kerja hari ini: dihitung sehari penuh.")),
    "not_assigned": ("R5", gettext_noop("Tidak ada penugasan pada tanggal ini; hari ini tidak dihitung.")),
    "trial": ("R5", gettext_noop("Sekolah masih uji coba; hari ini tidak dihitung.")),
    "lone_arrival": (
        "R6",
        gettext_noop("Hanya ada bukti pukul {at}: dibaca sebagai datang ({cost} menit), bukan pulang ({other} menit)."),
    ),
    "lone_departure": (
        "R6",
        gettext_noop("Hanya ada bukti pukul {at}: dibaca sebagai pulang ({cost} menit), bukan datang ({other} menit)."),
    ),
    "missing_arrival": ("R6", gettext_noop("Catatan datang tidak ada: {code}, dihitung {minutes} menit.")),
    "missing_departure": ("R6", gettext_noop("Catatan pulang tidak ada: {code}, dihitung {minutes} menit.")),
    "outside_may_explain": (
        "R6",
        gettext_noop("Catatan di luar jendela mungkin menjelaskan yang tidak ada; seseorang perlu memeriksanya."),
    ),
    "excused": ("R7", gettext_noop("{code} {start} sampai {end} disetujui; waktu itu tidak dihitung.")),
    "duty": (
        "R7",
        gettext_noop("{code} {start} sampai {end} disetujui; tidak dihitung, kedua ujungnya menjadi bukti hadir."),
    ),
    "on_time": ("R7", gettext_noop("Mulai {start}, datang {at}: tidak ada menit kerja yang terlewat.")),
    "late": ("R7", gettext_noop("Mulai {start}, datang {at}: {minutes} menit kerja terlewat.")),
    "full_time": ("R7", gettext_noop("Selesai {end}, pulang {at}: tidak ada menit kerja yang terlewat.")),
    "early": ("R7", gettext_noop("Selesai {end}, pulang {at}: {minutes} menit kerja terlewat.")),
    "grace": ("R7", gettext_noop("{minutes} menit masih dalam toleransi {grace} menit.")),
    "capped": ("R7", gettext_noop("{minutes} menit dibatasi menjadi {cap} menit untuk satu sisi hari.")),
    "band": ("R8", gettext_noop("{minutes} menit termasuk {code}.")),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence of the story of a day: its key in SENTENCES and the values to fill in, already in screen form."""

    key: str
    params: tuple[tuple[str, str | int], ...] = ()

    @property
    def rule(self) -> str:
        """The rule of docs/rules.md that this sentence applies."""
        return SENTENCES[self.key][0]

    @property
    def template(self) -> str:
        """The Indonesian sentence with `{name}` places; the message id of its translation."""
        return SENTENCES[self.key][1]

    @property
    def text(self) -> str:
        """The Indonesian sentence."""
        return self.template.format(**dict(self.params))


def reason(key: str, **params: str | int) -> Reason:
    """Return the reason with this key."""
    return Reason(key, tuple(params.items()))
