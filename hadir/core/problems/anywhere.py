"""What any request or command may be refused for, and sealed storage."""

from collections.abc import Mapping
from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from hadir.core.problems.shape import Problem

ANYWHERE: Mapping[str, Problem] = {
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
