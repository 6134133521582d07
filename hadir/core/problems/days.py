"""What goes wrong with hours, days, leave, months and their documents."""

from collections.abc import Mapping
from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from hadir.core.problems.shape import Problem

DAYS: Mapping[str, Problem] = {
    # Schedules and attendance
    "schedule_dates": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Periksa kedua tanggal: yang terakhir tidak mendahului yang mulai, tahunnya 2000 sampai 2199."),
    ),
    "schedule_exists": Problem(
        HTTPStatus.CONFLICT, _("Jadwal yang sama sudah ada mulai tanggal itu. Pakai tanggal mulai yang lain.")
    ),
    "pattern_unknown": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Pola %(pattern)s tidak dapat dipakai mulai tanggal itu. Yang ada di paket aturan: %(known)s."),
    ),
    "staff_kind_unknown": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Status kepegawaian %(kind)s tidak dapat dipakai di sini. Pilih yang ada, untuk wilayah atau sekolah."),
    ),
    "weekdays_wrong": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Hari ditulis dengan nama hari, misalnya senin,selasa; sedikitnya satu.")
    ),
    "name_of_declarer_missing": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Tuliskan nama orang yang menyatakannya.")),
    "rule_pack_unusable": Problem(
        HTTPStatus.CONFLICT, _("Paket aturan %(pack)s tidak dapat dipakai. %(cause)s. Perbaiki atau pilih paket lain.")
    ),
    "schedule_row_unknown": Problem(
        HTTPStatus.NOT_FOUND, _("Baris jadwal dengan nomor itu tidak ada. Lihat hadir schedules list.")
    ),
    # Leave
    "leave_kind_unknown": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Jenis %(kind)s tidak ada dalam aturan izin dan cuti yang berlaku.")
    ),
    "leave_rules_unusable": Problem(
        HTTPStatus.CONFLICT, _("Aturan izin dan cuti kantor tidak dapat dipakai. %(cause)s. Perbaiki berkas itu.")
    ),
    "leave_unknown": Problem(HTTPStatus.NOT_FOUND, _("Permohonan dengan nomor itu tidak ada.")),
    "leave_dates": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Periksa tanggalnya: yang akhir tidak sebelum yang mulai, dan paling lama empat tahun."),
    ),
    "leave_carried_wrong": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Tahun harus empat angka, dan harinya 0 sampai %(most)s.")
    ),
    "leave_times": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Untuk sebagian hari isi kedua jamnya pada satu tanggal; untuk koreksi isi satu jam."),
    ),
    "leave_correction_ahead": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _(
            "Jam itu belum lewat. Koreksi hanya untuk catatan yang seharusnya sudah terekam; pulang jaga malam "
            "diajukan pada tanggal mulainya."
        ),
    ),
    "leave_part_not_allowed": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("%(name)s hanya untuk sehari penuh. Kosongkan jamnya.")
    ),
    "leave_kind_not_open": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("%(name)s tidak tersedia bagi status kepegawaian orang ini.")
    ),
    "leave_outside_assignment": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Pada %(day)s orang ini tidak bertugas di sekolah itu. Periksa tanggalnya.")
    ),
    "leave_counts_nothing": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Tidak ada hari kerja di antara tanggal itu, jadi tidak perlu diminta.")
    ),
    "leave_letter_missing": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Isi nomor surat tugas.")),
    "leave_overlap": Problem(
        HTTPStatus.CONFLICT,
        _("Sudah ada permohonan %(kind)s untuk %(first)s sampai %(last)s. Tarik dulu, atau pilih tanggal lain."),
    ),
    "leave_over_limit": Problem(
        HTTPStatus.CONFLICT,
        _(
            "%(name)s yang diminta %(asked)s hari, sedangkan sisanya %(left)s hari. Kurangi harinya, atau pilih jenis "
            "lain."
        ),
    ),
    "leave_not_beside": Problem(
        HTTPStatus.CONFLICT,
        _(
            "%(name)s tidak tersedia pada %(year)s, karena ada %(other)s pada tahun itu. Bila yang itu tidak jadi, "
            "tarik atau batalkan dulu."
        ),
    ),
    "leave_request_changed": Problem(
        HTTPStatus.CONFLICT, _("Keadaan permohonan ini sudah berubah: %(state)s. Muat lagi halamannya.")
    ),
    "leave_document_missing": Problem(
        HTTPStatus.CONFLICT, _("%(name)s mulai %(days)s hari memerlukan dokumen. Unggah dulu suratnya.")
    ),
    "document_kind": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Dokumen harus PDF, JPEG, atau PNG.")),
    "document_too_large": Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("Dokumen paling besar %(limit)s MB. Kecilkan, lalu unggah lagi.")
    ),
    "document_too_many": Problem(HTTPStatus.CONFLICT, _("Paling banyak %(limit)s dokumen untuk satu permohonan.")),
    "month_closed": Problem(
        HTTPStatus.CONFLICT, _("Bulan itu sudah ditutup. Perubahan sesudahnya tercatat sebagai penyesuaian.")
    ),
    "month_not_closed": Problem(HTTPStatus.CONFLICT, _("Bulan itu belum ditutup, jadi tidak perlu dibuka kembali.")),
    "month_not_over": Problem(
        HTTPStatus.CONFLICT, _("Bulan itu belum selesai. Tanda tangani sesudah hari terakhirnya.")
    ),
    "month_not_begun": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Bulan %(month)s belum mulai, jadi belum ada hari yang dapat dinilai. Pilih bulan ini atau sebelumnya."),
    ),
    "month_computing": Problem(
        HTTPStatus.CONFLICT,
        _("Masih ada hari yang sedang dihitung ulang. Tunggu sebentar, lalu muat lagi halaman ini."),
    ),
    "month_changed": Problem(
        HTTPStatus.CONFLICT,
        _("Isi bulan ini berubah sejak Anda membukanya. Lihat sekali lagi, lalu tanda tangani."),
    ),
    "month_unreadable": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Bulan %(text)s tidak terbaca. Tulis seperti 2026-09.")
    ),
    "rule_pack_name_taken": Problem(
        HTTPStatus.CONFLICT,
        _("Paket %(pack)s milik Hadir sendiri dan tidak diubah. Beri nama lain pada baris nama, lalu simpan lagi."),
    ),
    "rule_pack_lacks": Problem(
        HTTPStatus.CONFLICT,
        _(
            "Paket %(pack)s belum cukup untuk %(region)s, yang memakainya mulai %(day)s. Yang tidak ada: %(missing)s. "
            "Lengkapi paket itu, atau ubah dulu jadwal yang memakainya."
        ),
    ),
    "schedule_past_office_only": Problem(
        HTTPStatus.FORBIDDEN,
        _("Jadwal untuk hari yang sudah lewat hanya diubah oleh dinas. Pilih mulai hari ini, atau minta dinas."),
    ),
    "trial_too_large": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Terlalu banyak hari untuk dicoba sekaligus di halaman ini. Pilih satu sekolah atau satu kecamatan."),
    ),
    "day_not_over": Problem(HTTPStatus.CONFLICT, _("Tanggal itu belum lewat. Nyatakan lengkap sesudahnya.")),
    "declared_already": Problem(HTTPStatus.CONFLICT, _("Hari itu sudah dinyatakan lengkap.")),
    "incident_kind_unknown": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Pilih jenis kejadian: %(kinds)s.")),
    "incident_dates": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _(
            "Tanggal kejadian: yang terakhir tidak sebelum yang pertama, tidak sesudah hari ini, dan paling lama "
            "%(limit)s hari."
        ),
    ),
    "incident_times": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Jam berakhir tidak boleh sebelum jam mulai. Perbaiki jamnya.")
    ),
    "incident_name_missing": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Sebutkan nama orang yang menyatakannya.")),
    "incident_exists": Problem(
        HTTPStatus.CONFLICT, _("Kejadian yang sama dengan tanggal yang sama sudah dilaporkan. Buka laporan itu.")
    ),
    "incident_nobody": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Belum ada orang yang dipilih, atau tidak ada yang bertugas pada tanggal itu."),
    ),
    "incident_stranger": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Ada orang yang tidak bertugas di sekolah itu pada tanggal kejadian.")
    ),
    "incident_unknown": Problem(HTTPStatus.NOT_FOUND, _("Kejadian itu tidak ada. Lihat: hadir incidents list.")),
    "incident_decided": Problem(HTTPStatus.CONFLICT, _("Kejadian ini sudah diputuskan. Muat ulang halamannya.")),
    "incident_not_yours": Problem(
        HTTPStatus.FORBIDDEN,
        _(
            "Bagian yang tersisa dikukuhkan orang lain: laporan sendiri dan bagian kepala sekolah oleh pengawas atau "
            "dinas."
        ),
    ),
    "incident_not_confirmed": Problem(
        HTTPStatus.CONFLICT, _("Hanya kejadian yang sudah dikukuhkan yang dapat dibatalkan.")
    ),
    "scan_unknown": Problem(HTTPStatus.NOT_FOUND, _("Catatan itu tidak ada. Periksa nomornya.")),
    "scan_not_doubted": Problem(
        HTTPStatus.CONFLICT, _("Jam catatan ini tidak diragukan; tidak ada yang perlu diputuskan.")
    ),
    "review_time_wrong": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Catatan tidak mungkin dibuat sesudah diterima server. Tuliskan tanggal dan jam yang lebih awal."),
    ),
    "no_assignment": Problem(
        HTTPStatus.NOT_FOUND, _("Tidak ada penugasan orang ini pada tanggal itu. Periksa tanggalnya.")
    ),
    # Documents
    "layout_unusable": Problem(
        HTTPStatus.CONFLICT, _("Tata letak dokumen (layout.toml) baris %(line)s: %(cause)s. Perbaiki berkas itu.")
    ),
    "document_failed": Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Dokumen ini tidak dapat dicetak. Unduh sebagai Excel, dan beri tahu pengelola Hadir."),
    ),
    "document_too_big": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Daftar %(number)s sekolah terlalu besar untuk peramban (batas %(limit)s). Pilih satu kecamatan."),
    ),
    "month_empty": Problem(
        HTTPStatus.NOT_FOUND, _("Tidak ada orang yang bertugas di sekolah itu pada bulan tersebut. Periksa bulannya.")
    ),
    "deduction_unusable": Problem(
        HTTPStatus.CONFLICT,
        _("Tabel potongan %(table)s tidak dapat dipakai: %(cause)s. Periksa paket aturan dan layout.toml."),
    ),
}
