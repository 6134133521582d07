"""What kiosks, school agents and the files of terminals are refused for."""

from collections.abc import Mapping
from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from hadir.core.problems.shape import Problem

MACHINES: Mapping[str, Problem] = {
    # Kiosk
    "code_unknown": Problem(
        HTTPStatus.BAD_REQUEST, _("Kode tautan tidak dikenal. Periksa hurufnya atau minta tautan baru kepada operator.")
    ),
    "code_used": Problem(HTTPStatus.CONFLICT, _("Tautan ini sudah dipakai. Minta tautan baru kepada operator.")),
    "code_expired": Problem(HTTPStatus.GONE, _("Tautan ini sudah lewat 30 menit. Minta tautan baru kepada operator.")),
    "handshake_unsupported": Problem(
        HTTPStatus.CONFLICT, _("Versi halaman kios ini tidak cocok dengan server. Muat ulang halaman.")
    ),
    "token_missing": Problem(HTTPStatus.UNAUTHORIZED, _("Kios belum terhubung. Buka tautan kios dari operator.")),
    "token_unknown": Problem(
        HTTPStatus.UNAUTHORIZED, _("Kios ini tidak dikenal di server. Minta tautan baru kepada operator.")
    ),
    "token_replaced": Problem(
        HTTPStatus.FORBIDDEN, _("Kios ini sudah dipindahkan ke peramban lain. Catatan yang tersisa tetap diterima.")
    ),
    "device_revoked": Problem(
        HTTPStatus.FORBIDDEN, _("Kios ini sudah dinonaktifkan. Catatan yang tersisa tetap diterima.")
    ),
    "device_needs_school": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Pilih sedikitnya satu sekolah untuk kios.")),
    "device_needs_name": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Beri nama kios, misalnya Kantor guru.")),
    "device_is_revoked": Problem(
        HTTPStatus.CONFLICT, _("Perangkat ini sudah dinonaktifkan. Tambahkan perangkat baru.")
    ),
    "serial_invalid": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Nomor seri tertera di badan mesin: huruf dan angka, paling panjang 64.")
    ),
    "serial_taken": Problem(
        HTTPStatus.CONFLICT, _("Mesin dengan nomor seri %(serial)s sudah terdaftar. Lihat: hadir devices list.")
    ),
    "serial_unknown": Problem(
        HTTPStatus.NOT_FOUND, _("Tidak ada mesin dengan nomor seri %(serial)s. Periksa angkanya di badan mesin.")
    ),
    "serial_twin": Problem(
        HTTPStatus.CONFLICT,
        _(
            "Mesin %(serial)s sudah terdaftar; bedanya hanya huruf besar dan kecil. Kalau tulisan di badan mesin lain, "
            "akhiri dulu pemakaian yang terdaftar itu, lalu ulangi."
        ),
    ),
    "held_in_quarantine": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Yang ditahan dari mesin ada di karantina. Lihat: hadir quarantine --device %(serial)s."),
    ),
    "claim_not_heard": Problem(
        HTTPStatus.CONFLICT,
        _(
            "Mesin %(serial)s belum menghubungi server dalam %(minutes)s menit terakhir. Nyalakan mesinnya, periksa "
            "alamat server di menunya, lalu ulangi."
        ),
    ),
    "claimed_already": Problem(HTTPStatus.CONFLICT, _("Mesin %(serial)s sudah diakui untuk %(school)s.")),
    "pin_invalid": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("PIN ditulis persis seperti di mesin, paling panjang 64 huruf atau angka.")
    ),
    "pin_taken": Problem(
        HTTPStatus.CONFLICT, _("PIN %(pin)s pada tanggal itu sudah milik %(name)s. Akhiri dulu yang lama.")
    ),
    "pin_dates": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Tanggal sampai lebih awal daripada tanggal mulai. Perbaiki tanggalnya.")
    ),
    "clock_not_doubted": Problem(HTTPStatus.CONFLICT, _("Jam catatan ini tidak diragukan; tidak perlu dipastikan.")),
    "confirmed_later_than_arrival": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Catatan tidak mungkin dibuat sesudah diterima server. Tuliskan tanggal dan jam yang lebih awal."),
    ),
    "command_unknown": Problem(HTTPStatus.NOT_FOUND, _("Perintah itu tidak ada atau sudah dijalankan mesin.")),
    "command_not_supported": Problem(
        HTTPStatus.CONFLICT, _("Mesin jenis ini tidak menerima perintah dari server. Lakukan di menu mesinnya.")
    ),
    "command_limits": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Perintah ini tidak dapat dikirim: %(cause)s. Perbaiki lalu ulangi.")
    ),
    "pack_missing": Problem(
        HTTPStatus.SERVICE_UNAVAILABLE, _("Paket model belum terpasang di server. Jalankan: hadir models install open.")
    ),
    # School agents
    "agent_key_unknown": Problem(
        HTTPStatus.UNAUTHORIZED, _("Kunci agen tidak dikenal. Buat kunci baru di Hadir dan salin utuh ke agen.ini.")
    ),
    "agent_key_revoked": Problem(
        HTTPStatus.FORBIDDEN, _("Kunci agen ini sudah dicabut. Buat kunci baru di Hadir; catatan di agen tetap aman.")
    ),
    "agent_signature_wrong": Problem(
        HTTPStatus.UNAUTHORIZED, _("Tanda tangan agen tidak cocok. Salin kunci sekali lagi, utuh dalam satu baris.")
    ),
    "agent_clock_wrong": Problem(
        HTTPStatus.CONFLICT, _("Jam agen berselisih lebih dari 10 menit dari jam server. Setel jam komputernya.")
    ),
    "agent_batch_unreadable": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Kiriman agen tidak terbaca (%(part)s). Perbarui agen ke versi server ini.")
    ),
    "agent_terminal_unknown": Problem(
        HTTPStatus.NOT_FOUND,
        _("Mesin %(serial)s belum terdaftar di sekolah ini. Tambahkan di halaman Perangkat; catatannya menunggu."),
    ),
    "nothing_chosen": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Belum ada yang dipilih. Centang dulu catatannya.")),
    "time_missing": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Catatan yang dipilih tidak punya usulan waktu. Isi tanggal dan jamnya, atau tandai tidak dapat dipastikan."),
    ),
    # Files of terminals
    "scans_empty": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Berkas ini kosong. Salin lagi dari mesin atau unduh lagi.")
    ),
    "scans_too_big": Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        _("Berkas ini terlalu besar (batas 20 MB dan 250.000 baris). Unduh lagi untuk masa yang lebih pendek."),
    ),
    "scans_damaged": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Berkas ini rusak atau terpotong. Salin lagi dari mesin, atau buka di Excel dan simpan sebagai .xlsx."),
    ),
    "scans_ask_columns": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Kolomnya belum dikenal. Namai kolomnya di halaman /perangkat/berkas/, atau pakai --columns."),
    ),
    "scans_columns_wrong": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Pilih kolom PIN, lalu kolom tanggal dan jam: satu kolom untuk keduanya, atau masing-masing."),
    ),
    "scans_no_headings": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _(
            "Berkas ini tidak punya baris judul kolom, jadi kolomnya tidak dapat diingat untuk berkas berikutnya. "
            "Kosongkan nama programnya (di baris perintah: tanpa --vendor), atau ekspor lagi dengan judul kolom."
        ),
    ),
    "scans_ask_order": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _(
            "Urutan tanggal di berkas ini tidak pasti: 03/07 bisa 3 Juli atau 7 Maret, 26-07-25 bisa 26 Juli 2025 atau "
            "25 Juli 2026. Pilih urutannya (di baris perintah: --dates dmy, --dates mdy, atau --dates ymd)."
        ),
    ),
    "scans_expired": Problem(
        HTTPStatus.GONE, _("Pratinjau ini sudah lewat satu hari dan isinya sudah dihapus. Unggah berkasnya lagi.")
    ),
    "scans_applied": Problem(HTTPStatus.CONFLICT, _("Berkas ini sudah dimasukkan.")),
    "terminal_unknown": Problem(
        HTTPStatus.NOT_FOUND,
        _("Tidak ada mesin dengan nomor seri %(serial)s. Tambahkan dulu: hadir devices add %(serial)s --kind file."),
    ),
    "pull_unset": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Alamat atau kunci layanan awan belum diisi. Isi HADIR_FINGERSPOT_URL dan HADIR_FINGERSPOT_TOKEN_FILE."),
    ),
    "pull_failed": Problem(HTTPStatus.BAD_GATEWAY, _("Layanan awan tidak menjawab dengan benar: %(cause)s.")),
    "pull_dates": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Tanggal terakhir mendahului tanggal mulai, atau belum tiba.")
    ),
}
