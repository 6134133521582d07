"""The `hadir` command: Hadir's own commands, listed readably, over Django's.

Exit codes: 0 done, 1 refused or held, 2 wrong usage or settings.
"""

import io
import os
import sys
from collections.abc import Sequence
from typing import Final

import django
from django.core.management import execute_from_command_line, get_commands

from hadir import __version__

COMMANDS: Final = {
    "Menjalankan": {
        "serve": "Jalankan server: halaman kantor, kios, dan API",
        "listen": "Terima kiriman mesin absensi di porta tersendiri",
        "demo": "Buat wilayah peraga dan coba jalan utamanya sekali dengan foto contoh",
        "migrate": "Siapkan atau perbarui basis data",
    },
    "Orang dan wajah": {
        "schools": "Tambah atau tampilkan sekolah",
        "people": "Tambah, cari, atau tampilkan orang",
        "import": "Impor orang dari Dapodik, sekolah dari CSV, atau catatan dari mesin",
        "enroll": "Daftarkan wajah seseorang dari foto",
        "identify": "Cocokkan foto dengan wajah yang terdaftar; tidak mencatat apa pun",
        "forget": "Hapus data wajah seseorang",
    },
    "Catatan": {
        "scans": "Tampilkan catatan yang masuk",
        "devices": "Mesin absensi: tambah, akui, petakan PIN, beri perintah, pastikan jam",
        "quarantine": "Tampilkan kiriman mesin yang ditahan, dan sebabnya",
        "fingerspot": "Ambil catatan dari layanan awan fingerspot.io",
        "agent": "Jalankan agen sekolah yang membaca mesin, atau buat kuncinya",
        "attendance": "Jelaskan hari seseorang, hitung ulang, atau kerjakan yang menunggu",
        "incidents": "Kejadian yang menghalangi pencatatan: laporkan, kukuhkan, cari hari yang diam",
    },
    "Bulan dan laporan": {
        "leave": "Ajukan, putuskan, dan lihat izin, cuti, dinas luar, dan koreksi",
        "months": "Lihat, periksa, tutup, atau buka bulan sekolah, dan buktikan isinya",
        "reports": "Buat rekap, lembar setahun, bahan TPP, daftar PP 94, atau pernyataan",
    },
    "Kantor": {
        "accounts": "Tambah pengguna, beri peran, atau ganti kata sandi",
        "keys": "Tampilkan atau ganti kunci data wajah",
        "schedules": "Tetapkan jam kerja, kalender, dan paket aturan",
        "rules": "Coba paket aturan kehadiran pada tabel kasus",
        "models": "Pasang, tampilkan, atau periksa paket model wajah",
        "face": "Ukur kecepatan mesin wajah di komputer ini",
    },
}
"""Every command that people use, with one line each. docs/commands.md has the rest; a test compares both."""

HELP_WORDS: Final = frozenset({"help", "--help", "-h"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; commands of Django itself (`hadir shell`) pass through."""
    for stream in (sys.stdout, sys.stderr):
        # Names hold letters that an old terminal's encoding lacks, and programs read JSON as UTF-8.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (len(given) == 1 and given[0] in HELP_WORDS):
        sys.stdout.write(overview())
        return 0 if given else 2
    if given[0] in {"--version", "version"}:
        sys.stdout.write(f"hadir {__version__}\n")
        return 0
    if given[0] == "help":
        given = [given[1], "--help"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hadir.config.settings")
    django.setup()
    if given[0] not in get_commands():
        sys.stderr.write(f"hadir: tidak ada perintah '{given[0]}'. Daftarnya: hadir --help\n")
        return 2
    try:
        execute_from_command_line(["hadir", *given])
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else 0 if stopped.code is None else 1
    except KeyboardInterrupt:
        return 130
    return 0


def overview() -> str:
    """Return the list of commands."""
    width = max(len(name) for commands in COMMANDS.values() for name in commands)
    lines = ["Hadir: kehadiran dengan wajah untuk sekolah", "", "Pemakaian: hadir PERINTAH [pilihan]"]
    for heading, commands in COMMANDS.items():
        lines += ["", heading]
        lines += [f"  {name:<{width}}  {line}" for name, line in commands.items()]
    lines += [
        "",
        "hadir PERINTAH --help menjelaskan satu perintah; --json memberi keluaran untuk program.",
        "Pengaturan lewat lingkungan: HADIR_DATA, DATABASE_URL, HADIR_...; lihat docs/settings.md.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
