"""Errors with a stable code for programs and a sentence for people. docs/errors.md lists every code, by test.

Add a line to `CATALOGUE` for a new code, then raise `HadirError("the_code", name=value)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of the catalogue: HTTP status and the sentence, which may hold named places: ``%(npsn)s``."""

    status: HTTPStatus
    message: Promise


CATALOGUE: Mapping[str, Problem] = {
    # Any request
    "body_too_large": Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("Kiriman terlalu besar. Kirim dalam bagian yang lebih kecil.")
    ),
    "body_unreadable": Problem(HTTPStatus.BAD_REQUEST, _("Kiriman tidak terbaca. Kirim ulang sebagai JSON.")),
    "body_invalid": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Isi kiriman tidak lengkap atau salah. Periksa bagian: %(fields)s.")
    ),
    "not_found": Problem(HTTPStatus.NOT_FOUND, _("Alamat atau data itu tidak ada, atau bukan untuk Anda.")),
    "login_required": Problem(HTTPStatus.UNAUTHORIZED, _("Silakan masuk dulu.")),
    "not_allowed": Problem(HTTPStatus.FORBIDDEN, _("Peran Anda tidak mencakup tindakan ini.")),
    "too_many_requests": Problem(
        HTTPStatus.TOO_MANY_REQUESTS, _("Terlalu sering mencoba. Tunggu beberapa menit, lalu coba lagi.")
    ),
    "database_busy": Problem(HTTPStatus.SERVICE_UNAVAILABLE, _("Server sedang sibuk. Coba lagi sebentar lagi.")),
    "internal": Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, _("Ada gangguan di server. Data di kios tetap aman; coba lagi nanti.")
    ),
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
    # Commands and demo
    "database_new": Problem(
        HTTPStatus.SERVICE_UNAVAILABLE, _("Basis data belum siap untuk versi ini. Jalankan: hadir migrate.")
    ),
    "database_unreachable": Problem(
        HTTPStatus.SERVICE_UNAVAILABLE, _("Basis data tidak dapat dibuka. Periksa DATABASE_URL atau HADIR_DATA.")
    ),
    "port_in_use": Problem(
        HTTPStatus.CONFLICT,
        _("Port %(port)s sedang dipakai program lain. Hentikan program itu, atau pilih port lain: --port %(other)s."),
    ),
    "address_unusable": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Alamat %(host)s:%(port)s tidak dapat dipakai: %(cause)s.")
    ),
    "person_ambiguous": Problem(HTTPStatus.CONFLICT, _("Ada %(count)s orang bernama itu. Pakai nomornya: %(ids)s.")),
    "file_missing": Problem(HTTPStatus.NOT_FOUND, _("Berkas %(name)s tidak ada atau tidak dapat dibuka.")),
    "device_unknown": Problem(HTTPStatus.NOT_FOUND, _("Tidak ada perangkat dengan nomor atau nama %(device)s.")),
    "district_unknown": Problem(HTTPStatus.NOT_FOUND, _("Tidak ada kecamatan bernama %(name)s di wilayah itu.")),
    "region_unknown": Problem(HTTPStatus.NOT_FOUND, _("Tidak ada wilayah bernama %(name)s.")),
    "region_is_demo": Problem(
        HTTPStatus.CONFLICT, _("%(name)s adalah wilayah peraga. Pakai nama wilayah lain untuk sekolah yang sebenarnya.")
    ),
    "user_unknown": Problem(HTTPStatus.NOT_FOUND, _("Tidak ada pengguna bernama %(username)s.")),
    "scale_own_database": Problem(
        HTTPStatus.CONFLICT,
        _("Data ukur memerlukan basis data sendiri. Jalankan dengan HADIR_DATA atau DATABASE_URL yang masih kosong."),
    ),
    "demo_missing": Problem(HTTPStatus.NOT_FOUND, _("Wilayah peraga belum ada. Jalankan dulu: hadir demo.")),
    "demo_name_taken": Problem(
        HTTPStatus.CONFLICT,
        _("Nama pengguna %(username)s sudah dipakai di luar wilayah peraga. Pakai HADIR_DATA lain untuk peraga."),
    ),
    "image_unreadable": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("%(name)s bukan gambar yang dapat dibaca.")),
    "pack_unknown": Problem(HTTPStatus.NOT_FOUND, _("Paket %(pack)s tidak ada. Lihat: hadir models list. %(cause)s.")),
    "pack_damaged": Problem(
        HTTPStatus.CONFLICT, _("Paket %(pack)s tidak utuh; pasang lagi: hadir models install %(pack)s. %(cause)s.")
    ),
    "pack_not_allowed": Problem(
        HTTPStatus.FORBIDDEN, _("Lisensi paket %(pack)s tidak membolehkan dipakai kantor. %(cause)s.")
    ),
    "source_unavailable": Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        _(
            "Sumber paket %(pack)s tidak terjangkau. Periksa internet, atau salin berkasnya dan pakai --from FOLDER. "
            "%(cause)s."
        ),
    ),
    "source_mismatch": Problem(
        HTTPStatus.CONFLICT, _("Berkas sumber paket %(pack)s bukan yang diharapkan; tidak dipasang. %(cause)s.")
    ),
    "demo_not_enrolled": Problem(
        HTTPStatus.CONFLICT,
        _("Foto peraga tidak dapat didaftarkan: %(cause)s. Pakai HADIR_DATA baru, atau putuskan pemeriksaannya dulu."),
    ),
    "demo_no_face": Problem(
        HTTPStatus.CONFLICT, _("Tidak ada wajah yang ditemukan di %(name)s. Bangun ulang paket model: make models.")
    ),
    "demo_wrong": Problem(
        HTTPStatus.CONFLICT,
        _("Hasil untuk %(names)s tidak seperti seharusnya. Periksa paket model: hadir models verify."),
    ),
    "kiosk_refused": Problem(
        HTTPStatus.CONFLICT,
        _("Server menjawab kios tidak seperti seharusnya (%(step)s: %(cause)s)."),
    ),
    "samples_missing": Problem(HTTPStatus.NOT_FOUND, _("Foto contoh belum ada (%(names)s). Jalankan: make models.")),
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
    "scans_ask_order": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _(
            "Urutan tanggal dan bulan di berkas ini tidak pasti: 03/07 bisa 3 Juli atau 7 Maret. "
            "Pilih urutannya (di baris perintah: --dates dmy atau --dates mdy)."
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
        HTTPStatus.CONFLICT, _("%(name)s yang diminta %(asked)s hari, sedangkan sisanya %(left)s hari.")
    ),
    "leave_not_beside": Problem(
        HTTPStatus.CONFLICT, _("%(name)s tidak tersedia pada %(year)s, karena ada %(other)s pada tahun itu.")
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
    # Sealed storage
    "template_key_missing": Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("Berkas kunci wajah tidak ada. Kembalikan dari cadangan ke tempat HADIR_TEMPLATE_KEY_FILE."),
    ),
    "template_key_invalid": Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("Berkas kunci wajah rusak: isinya harus 32 bita. Kembalikan dari cadangan."),
    ),
    "sealed_unreadable": Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("Data wajah tidak dapat dibuka dengan kunci yang ada. Periksa HADIR_TEMPLATE_KEY_FILE."),
    ),
}
"""Every code: what it answers over HTTP, and what it says."""


class HadirError(Exception):
    """A refusal that says what to do. `code` is stable; the text is translated when it is shown."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.problem = CATALOGUE[code]
        self.code = code
        self.values = values

    @property
    def message(self) -> str:
        """The sentence in the language of the moment."""
        text = str(self.problem.message)
        return text % self.values if self.values else text

    @property
    def status(self) -> int:
        """The HTTP status that fits."""
        return int(self.problem.status)

    def __str__(self) -> str:
        return self.message


def error_body(code: str, message: str) -> dict[str, dict[str, str]]:
    """Return the one shape in which every API answers an error."""
    return {"error": {"code": code, "message": message}}
