"""What goes wrong with people, schools, logins, faces and lists of staff."""

from collections.abc import Mapping
from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from hadir.core.problems.shape import Problem

PEOPLE: Mapping[str, Problem] = {
    # People, schools, logins
    "name_missing": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Nama belum diisi.")),
    "text_unreadable": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Isi %(field)s memuat huruf yang tidak dapat disimpan. Ketik ulang.")
    ),
    "text_too_long": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Isi %(field)s paling panjang %(limit)s huruf.")),
    "nip_invalid": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("NIP terdiri atas 18 angka. Kosongkan bila tidak ada.")),
    "nuptk_invalid": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("NUPTK terdiri atas 16 angka. Kosongkan bila tidak ada.")
    ),
    "nip_taken": Problem(
        HTTPStatus.CONFLICT, _("NIP ini sudah dipakai orang lain. Periksa angkanya atau cari orangnya.")
    ),
    "nuptk_taken": Problem(
        HTTPStatus.CONFLICT, _("NUPTK ini sudah dipakai orang lain. Periksa angkanya atau cari orangnya.")
    ),
    "npsn_invalid": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("NPSN terdiri atas 8 angka.")),
    "npsn_taken": Problem(HTTPStatus.CONFLICT, _("NPSN %(npsn)s sudah terdaftar.")),
    "school_unknown": Problem(HTTPStatus.NOT_FOUND, _("Tidak ada sekolah dengan NPSN %(npsn)s.")),
    "person_unknown": Problem(HTTPStatus.NOT_FOUND, _("Orang itu tidak ditemukan. Periksa nomor atau namanya.")),
    "assignment_dates": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Tanggal sampai lebih awal daripada tanggal mulai. Perbaiki tanggalnya.")
    ),
    "assignment_overlaps": Problem(
        HTTPStatus.CONFLICT, _("Orang ini sudah bertugas di sekolah itu dengan tugas yang sama pada tanggal tersebut.")
    ),
    "assignment_ended": Problem(HTTPStatus.CONFLICT, _("Penugasan ini sudah berakhir.")),
    "username_invalid": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Isi nama pengguna dengan NIP, NUPTK, atau alamat surel.")
    ),
    "username_taken": Problem(HTTPStatus.CONFLICT, _("Nama pengguna ini sudah dipakai.")),
    "role_place": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Peran ini memerlukan tepat satu tempat yang sesuai: sekolah, kecamatan, atau wilayah."),
    ),
    # Enrolment
    "notice_missing": Problem(
        HTTPStatus.SERVICE_UNAVAILABLE, _("Teks pemberitahuan belum ada. Jalankan: hadir migrate.")
    ),
    "notice_outdated": Problem(
        HTTPStatus.CONFLICT, _("Teks pemberitahuan sudah diperbarui. Muat ulang halaman dan bacakan teks yang baru.")
    ),
    "basis_unknown": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Dasar hukum itu tidak dikenal. Pilih dari daftar.")),
    "enrolment_held": Problem(
        HTTPStatus.CONFLICT,
        _("Wajah orang ini masih menunggu pemeriksaan. Minta kepala sekolah atau dinas memutuskannya dulu."),
    ),
    "enrolment_closed": Problem(
        HTTPStatus.CONFLICT, _("Pendaftaran ini sudah selesai atau diganti. Mulai pendaftaran baru.")
    ),
    "pack_changed": Problem(
        HTTPStatus.CONFLICT, _("Paket model di server sudah berganti. Muat ulang halaman dan mulai lagi.")
    ),
    "pose_unknown": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Arah wajah atau sumber gambar itu tidak dikenal.")),
    "template_unknown": Problem(HTTPStatus.NOT_FOUND, _("Templat itu tidak ada di pendaftaran ini.")),
    "templates_missing": Problem(
        HTTPStatus.CONFLICT, _("Baru %(have)s gambar yang baik; perlu %(needed)s. Ambil gambar lagi.")
    ),
    "review_closed": Problem(HTTPStatus.CONFLICT, _("Pemeriksaan ini sudah diputuskan.")),
    "review_own": Problem(
        HTTPStatus.FORBIDDEN, _("Anda yang mendaftarkan wajah ini. Minta orang lain memutuskan pemeriksaannya.")
    ),
    "reason_missing": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Tuliskan alasannya.")),
    # Imports
    "import_empty": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Berkas ini kosong. Unduh lagi dari Dapodik.")),
    "import_too_big": Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        _("Berkas ini terlalu besar (batas 20 MB dan 25.000 baris). Salin hanya baris yang berisi ke berkas baru."),
    ),
    "import_wrong_kind": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Berkas ini bukan lembar kerja. Pakai berkas Excel (.xlsx, .xls) atau CSV.")
    ),
    "import_html": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Berkas ini halaman web yang diberi nama .xls. Buka di Excel, lalu simpan sebagai Buku Kerja Excel (.xlsx)."),
    ),
    "import_xml": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Berkas ini memakai format XML lama. Buka di Excel, lalu simpan sebagai Buku Kerja Excel (.xlsx)."),
    ),
    "import_xls_old": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Format Excel ini terlalu tua (sebelum 1995). Buka, lalu simpan sebagai Buku Kerja Excel (.xlsx)."),
    ),
    "import_password": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Berkas ini memakai kata sandi. Simpan tanpa kata sandi, lalu coba lagi.")
    ),
    "import_damaged": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Berkas ini rusak atau terpotong. Unduh sekali lagi, atau buka di Excel dan simpan sebagai .xlsx."),
    ),
    "import_no_headings": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Baris judul kolom tidak ditemukan. Pakai unduhan Daftar PTK dari Dapodik (Nama, NUPTK, JK, NIP, ...)."),
    ),
    "import_pupils": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Ini daftar peserta didik. Yang diperlukan Daftar PTK (guru dan tendik).")
    ),
    "import_no_school_headings": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Kolom NPSN dan nama sekolah tidak ditemukan. Baris pertama berisi judul kolom: npsn, nama, kecamatan, ...."),
    ),
    "import_staff_here": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Ini Daftar PTK. Impor lewat menu orang, bukan lewat daftar sekolah.")
    ),
    "import_no_rows": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Di bawah judul kolom tidak ada satu baris pun yang berisi nama.")
    ),
    "import_two_schools": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Berkas ini memuat lebih dari satu sekolah (%(schools)s). Pisahkan menjadi satu berkas untuk tiap sekolah."),
    ),
    "import_no_school": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Daftar PTK tidak memuat NPSN. Pilih sekolahnya dulu (di baris perintah: --school NPSN)."),
    ),
    "import_other_school": Problem(
        HTTPStatus.CONFLICT,
        _("Berkas ini bertuliskan %(written)s, sedangkan yang dipilih %(school)s. Pastikan dulu sekolahnya benar."),
    ),
    "import_no_region": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Wilayahnya belum jelas. Sebutkan namanya (di baris perintah: --region NAMA)."),
    ),
    "import_start": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Tanggal mulai harus dalam 366 hari sebelum atau sesudah hari ini.")
    ),
    "import_past_office_only": Problem(
        HTTPStatus.FORBIDDEN,
        _(
            "Tanggal mulai ini mengubah hari yang sudah dinilai (%(names)s). "
            "Hari yang sudah lewat hanya dapat diubah dinas. Isi hari ini atau sesudahnya."
        ),
    ),
    "import_past_reason": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _(
            "Impor ini mengubah hari yang sudah dinilai (%(names)s). "
            "Tuliskan alasannya (di baris perintah: --reason ALASAN)."
        ),
    ),
    "import_changed": Problem(
        HTTPStatus.CONFLICT, _("Data di Hadir berubah sejak pratinjau ini dibuat. Periksa sekali lagi, lalu terapkan.")
    ),
    "import_choice": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Baris %(row)s: pilih dulu orangnya dan status kepegawaiannya.")
    ),
    "import_person_twice": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Baris %(row)s: orang yang dipilih sudah dipakai untuk baris lain.")
    ),
    "import_expired": Problem(
        HTTPStatus.GONE, _("Pratinjau ini sudah lewat satu hari dan isinya sudah dihapus. Unggah berkasnya lagi.")
    ),
    "import_applied": Problem(HTTPStatus.CONFLICT, _("Berkas ini sudah diterapkan.")),
}
