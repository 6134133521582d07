"""What pages say of terminals: what to do about each alert, each failure of an agent, each reason of a suggestion."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

ALERTS: Mapping[str, Any] = {
    "data_cleared": _("Tanyakan siapa yang menghapus. Minta kirim ulang: yang masih ada di mesin akan datang lagi."),
    "time_set": _("Bandingkan jam mesin dengan jam Anda. Hadir mengirim jam yang benar setiap kali mesin memanggil."),
    "reset": _("Atur lagi alamat server di mesin, lalu periksa daftar PIN: nomor lama mungkin dipakai orang lain."),
    "log_deleted": _("Catatan yang sudah dikirim tetap ada di Hadir. Tanyakan siapa yang menghapus dan kapan."),
    "admin_cleared": _("Siapa pun kini dapat membuka menu mesin. Tetapkan lagi admin di mesin."),
    "server_changed": _("Pastikan alamat server di mesin masih alamat Hadir."),
    "address_changed": _("Biasanya karena internet sekolah berganti. Bila mesin tidak pindah, tidak perlu apa-apa."),
    "key_changed": _(
        "Perintah ditahan sampai kunci lama kembali. Periksa apakah mesin itu benar mesin sekolah. Bila benar, buat "
        "alamat rahasia baru dan isi di mesin: kunci barunya lalu diterima."
    ),
    "secret_missing": _("Seseorang atau sesuatu mengirim dengan nomor seri mesin ini. Kiriman itu ditahan."),
    "storage": _("Unduh catatan lama ke flash disk, lalu hapus di mesin setelah semuanya ada di Hadir."),
    "count_differs": _("Catatan yang kurang sudah diminta lagi dari mesin. Lihat lagi besok."),
}
"""What to do about each kind of alert."""

AGENT_OUTCOMES: Mapping[str, Any] = {
    "no_answer": _("Mesin tidak menjawab agen. Periksa listrik, kabel, dan alamat IP-nya."),
    "port_closed": _("Alamat itu ada, tetapi pintunya tertutup. Periksa alamat IP dan port (biasanya 4370)."),
    "not_zk": _("Yang menjawab di alamat itu bukan mesin ZKTeco atau Solution. Periksa alamatnya."),
    "wrong_comm_key": _("Mesin menolak sandi komunikasi. Samakan dengan yang tertulis di mesin."),
    "other_serial": _("Di alamat itu sekarang ada mesin lain. Tidak ada yang dibaca. Perbaiki alamatnya."),
    "hung_up": _("Sambungan putus di tengah pembacaan. Agen mencoba lagi sendiri."),
    "damaged": _("Kiriman mesin rusak di jalan. Bila berulang, ganti kabel jaringannya."),
    "refused": _("Mesin menolak dibaca. Mungkin dalam mode akses; kembalikan ke mode absensi."),
    "record_size": _("Susunan catatan mesin tidak dikenal. Kirim keterangan halaman ini kepada petugas TI."),
    "in_use": _("Mesin sedang dibaca program lain di komputer itu."),
    "hik_login": _("Mesin menolak pengguna atau sandi. Perbaiki di agen.ini."),
    "hik_unsupported": _("Mesin ini tidak dapat dibaca dengan cara ini. Pakai kiriman langsung."),
    "hik_answer": _("Jawaban mesin tidak dapat dipahami. Perbarui firmware mesin."),
}
"""What to do when the school's agent could not read the machine."""

REASONS: Mapping[str, Any] = {
    "nip": _("PIN sama dengan NIP"),
    "nuptk": _("PIN sama dengan NUPTK"),
    "name": _("nama sama"),
    "nip_part": _("PIN bagian dari NIP"),
    "name_part": _("nama mirip, disingkat di mesin"),
}
"""Why somebody is suggested for a PIN."""
