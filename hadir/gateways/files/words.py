"""What codes of layouts, reasons and warnings say on screens."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LAYOUTS: Mapping[str, Promise] = {
    "attlog": _("berkas flash disk mesin (attlog.dat)"),
    "solution": _("unduhan Solution Cloud"),
    "table": _("tabel"),
    "report": _("laporan olahan, bukan catatan mesin"),
}
REASONS: Mapping[str, Promise] = {
    "fields": _("jumlah kolomnya tidak cocok"),
    "pin": _("PIN kosong, terlalu panjang, atau angkanya diubah Excel"),
    "time": _("waktunya tidak terbaca"),
    "old": _("sebelum 2015: jam mesin pernah kembali ke awal"),
    "future": _("di masa depan: jam mesin terlalu maju"),
    "swapped": _("tanggal dan bulannya ditukar oleh Excel"),
    "midnight": _("jam 00:00: bisa tengah malam, bisa tidak ada scan. Pastikan dengan attlog.dat dari mesin"),
    "cut": _("baris terakhir terpotong"),
    "damaged": _("rusak: flash disk mungkin dicabut sebelum selesai menyalin"),
}
WARNINGS: Mapping[str, Promise] = {
    "other_device": _("Nama berkas menyebut mesin %(named)s, tetapi isinya dari mesin %(written)s."),
    "other_serial": _("Nama berkas menyebut mesin %(named)s, sedangkan yang dipilih %(serial)s."),
    "several_devices": _("Berkas ini memuat catatan beberapa mesin: %(written)s. Semuanya akan masuk ke mesin ini."),
    "same_file": _("Berkas yang sama sudah dimasukkan. Memasukkannya lagi tidak menambah apa pun."),
    "same_file_elsewhere": _(
        "Berkas yang sama sudah dimasukkan untuk mesin lain. Periksa lagi mesinnya: PIN yang sama di mesin lain bisa "
        "milik orang lain."
    ),
    "other_sheets": _(
        "Lembar ini tidak dibaca, karena judul kolomnya lain: %(names)s. "
        "Bila isinya juga catatan, simpan sebagai berkas sendiri lalu masukkan."
    ),
    "swapped": _(
        "Excel telah menukar tanggal dan bulan di sebagian baris. Baris itu tidak diambil. "
        "Unduh lagi, dan jangan menyimpan ulang dari Excel."
    ),
    "report": _(
        "Ini laporan olahan: jamnya sudah dipilih program, jadi tidak menjadi catatan. "
        "Isinya disimpan terpisah sebagai pembanding. Untuk catatan, salin attlog.dat dari mesin."
    ),
    "nothing": _("Tidak ada satu catatan pun di berkas ini."),
}


def warning(code: str, values: Mapping[str, str]) -> str:
    """Return what a warning says."""
    return str(WARNINGS[code]) % values if values else str(WARNINGS[code])
