"""What can go wrong, each with a stable code for programs and a sentence that says what to do."""

from __future__ import annotations

SENTENCES = {
    # The settings file
    "config_missing": "Berkas pengaturan %(path)s tidak ada. Salin contohnya dari docs/agent.md, lalu isi.",
    "config_unreadable": "Berkas pengaturan %(path)s tidak terbaca: %(cause)s.",
    "config_value": "[%(section)s] %(name)s: %(cause)s.",
    "config_unknown": "[%(section)s] %(name)s tidak dikenal. Yang dikenal: %(known)s.",
    "config_no_terminal": "Belum ada mesin. Tambahkan bagian [mesin NAMA] dengan alamat dan nomor serinya.",
    # The terminal
    "no_answer": (
        "Mesin di %(address)s tidak menjawab. Periksa listrik, kabel jaringan, dan alamat IP-nya; pastikan tidak ada "
        "program lain yang sedang membaca mesin ini (mesin hanya melayani satu)."
    ),
    "port_closed": (
        "Alamat %(address)s ada, tetapi pintunya tertutup. Periksa nomor port di mesin (biasanya 4370) dan pastikan "
        "alamat itu memang mesin absensi."
    ),
    "not_zk": (
        "Yang menjawab di %(address)s bukan mesin ZKTeco atau Solution: bahasanya lain. Periksa alamat IP, atau ganti "
        "jenisnya (mesin Fingerspot Revo tidak dibaca dengan cara ini)."
    ),
    "wrong_comm_key": (
        "Mesin di %(address)s menolak sandi komunikasi. Lihat di mesin: Menu > Komunikasi > Keamanan > Sandi "
        "komunikasi, lalu tulis angkanya di sandi_komunikasi."
    ),
    "other_serial": (
        "Mesin di %(address)s bernomor seri %(found)s, bukan %(wanted)s. Tidak ada yang dibaca, supaya catatan tidak "
        "masuk ke mesin yang salah. Perbaiki alamat atau nomor seri."
    ),
    "hung_up": "Sambungan ke mesin di %(address)s putus di tengah pembacaan. Dicoba lagi pada putaran berikutnya.",
    "damaged": "Kiriman mesin di %(address)s rusak (%(cause)s). Dicoba lagi; bila berulang, periksa kabelnya.",
    "refused": "Mesin di %(address)s menolak perintah %(command)s. Mungkin mesin ini dalam mode akses; pakai push.",
    "record_size": (
        "Panjang catatan mesin di %(address)s tidak dapat dipastikan (%(total)s bita, %(count)s catatan). Tidak ada "
        "yang disimpan, supaya tidak ada catatan yang salah orang. Dibaca lagi pada putaran berikutnya; bila berulang, "
        "kirim baris ini kepada petugas TI."
    ),
    "in_use": "Mesin di %(address)s sedang dibaca oleh agen yang lain di komputer ini. Tunggu sampai selesai.",
    # Hikvision
    "hik_login": "Mesin di %(address)s menolak pengguna atau sandinya. Periksa pengguna dan sandi di pengaturan.",
    "hik_unsupported": "Mesin di %(address)s tidak dapat dibaca dengan AcsEvent. Pakai kiriman langsung (httpHosts).",
    "hik_answer": "Jawaban mesin di %(address)s tidak dapat dipahami (%(cause)s).",
    # The server
    "server_unreachable": "Server Hadir tidak terjangkau (%(cause)s). Catatan aman di sini dan dikirim lagi nanti.",
    "server_redirects": "Server meminta alamat lain (%(target)s). Tulis alamat itu pada server di pengaturan.",
    "server_refused": "Server menolak: %(message)s (%(code)s)",
    "server_answer": "Yang menjawab di alamat server bukan Hadir (%(cause)s). Periksa alamatnya.",
    # This computer
    "data_folder": "Folder data %(path)s tidak dapat dipakai: %(cause)s.",
    "running": "Agen sudah berjalan dengan folder data ini. Hentikan dulu yang lain.",
}


class AgentError(Exception):
    """A failure with a code and a sentence. The values never hold a secret."""

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return SENTENCES[self.code] % self.values
