"""What an installer does at the machine, brand by brand, as far as menus are known; names differ with firmware."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from hadir.devices.models import DeviceKind


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps for one make of machine, in the order in which they are done."""

    title: str
    steps: Sequence[str]
    hint: str = ""


def field_values(address: str) -> list[tuple[str, str]]:
    """Return what goes into the single fields of a menu that does not take a whole address."""
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme in {"https", "wss"} else 80)
    rows = [(_("Nama server"), parts.hostname or ""), (_("Port"), str(port))]
    if parts.path not in {"", "/"}:
        rows.append((_("Jalur"), parts.path))
    rows.append((_("HTTPS"), _("ya") if parts.scheme in {"https", "wss"} else _("tidak")))
    return rows


def steps_for(kind: str) -> list[Steps]:
    """Return the steps of a kind of machine, the commonest make first."""
    makers: dict[str, Any] = {
        DeviceKind.ZKTECO: _zkteco,
        DeviceKind.HIKVISION: _hikvision,
        DeviceKind.FKWEB: _revo,
        DeviceKind.FINGERSPOT_CLOUD: _fingerspot_cloud,
        DeviceKind.AIFACE: _aiface,
        DeviceKind.FILE: _file,
    }
    return list(makers[DeviceKind(kind)]())


def _zkteco() -> Sequence[Steps]:
    return (
        Steps(
            _("ZKTeco, Solution, eSSL dengan menu Cloud Server atau ADMS"),
            (
                _("Menu > Komunikasi (COMM.) > Ethernet atau Wi-Fi: isi alamat IP, gateway, dan DNS."),
                _("Menu > Komunikasi > Cloud Server (ADMS): jenis server ADMS, nyalakan Nama Domain."),
                _("Isi alamat dari Hadir. Bila hanya ada kolom nama dan port, isi keduanya saja."),
                _("Proxy dimatikan. HTTPS dinyalakan bila alamatnya https dan mesin memilikinya."),
                _("Menu > Sistem > Jenis perangkat: Absensi (T&A PUSH), bukan akses pintu (A&C PUSH)."),
                _("Mulai ulang mesin. Ikon awan tanpa silang berarti tersambung."),
            ),
            _(
                "Mesin yang tidak menerima jalur dipercaya menurut nomor serinya saja, bila memanggil dalam 15 menit "
                "setelah ditambahkan. Itu bukti yang lebih lemah, dan nama orang tidak dikirim kepadanya."
            ),
        ),
        Steps(
            _("Mesin lama tanpa menu Cloud Server"),
            (
                _("Menu > Komunikasi > Ethernet: beri alamat IP tetap. Catat sandi komunikasi di Keamanan."),
                _("Pasang agen sekolah di sebuah komputer di jaringan yang sama."),
                _("Atau unduh attlog.dat ke flash disk setiap akhir pekan, lalu masukkan di Berkas dari mesin."),
            ),
        ),
    )


def _hikvision() -> Sequence[Steps]:
    return (
        Steps(
            _("Hikvision DS-K1T, lewat halaman web mesin"),
            (
                _("Buka alamat IP mesin di peramban dan masuk sebagai admin."),
                _("Konfigurasi > Jaringan > Lanjutan > HTTP Listening: jenis HTTP atau HTTPS, format JSON."),
                _("Isi nama server, port, dan jalur dari Hadir, lalu simpan dan tekan Uji."),
                _("Konfigurasi > Sistem > Waktu: zona waktu sekolah, jam disetel."),
                _("Minta seseorang memindai, lalu lihat halaman mesin ini."),
            ),
            _("Sebagian mesin berhenti mengirim setelah listrik padam. Agen sekolah mengambil yang tertinggal."),
        ),
    )


def _revo() -> Sequence[Steps]:
    return (
        Steps(
            _("Fingerspot Revo (WF-206BNC, W-202BNC, W-230N, N830)"),
            (
                _("Menu > Network: mode Internet."),
                _("Isi Server IP dan Server Port dari Hadir, lalu Server Req: Yes."),
                _("Catat Device ID mesin: itulah nomor serinya di Hadir."),
                _("Minta seseorang memindai, lalu lihat halaman mesin ini."),
            ),
            _("Mesin ini tidak dapat membawa alamat rahasia; ia dipercaya menurut Device ID saja."),
        ),
    )


def _fingerspot_cloud() -> Sequence[Steps]:
    return (
        Steps(
            "fingerspot.io",
            (
                _("Masuk ke developer.fingerspot.io, buka mesin sekolah, dan catat Cloud ID-nya."),
                _("Webhook: tempel alamat dari Hadir seutuhnya."),
                _("Cloud ID itulah nomor seri mesin di Hadir."),
            ),
            _("Kiriman fingerspot.io tidak memuat detik."),
        ),
    )


def _aiface() -> Sequence[Steps]:
    return (
        Steps(
            _("Mesin wajah dengan WebSocket (AiFace, DIXI)"),
            (
                _("Menu > Network > Server: jenis WebSocket."),
                _("Isi nama server dan port dari Hadir."),
                _("Mulai ulang mesin, lalu lihat halaman mesin ini."),
            ),
            _("Mesin ini tidak dapat membawa alamat rahasia; ia dipercaya menurut nomor serinya saja."),
        ),
    )


def _file() -> Sequence[Steps]:
    return (
        Steps(
            _("Mesin tanpa jaringan: berkas dari flash disk"),
            (
                _("Pasang flash disk di mesin."),
                _("Menu > Manajemen USB > Unduh > Data kehadiran."),
                _("Di Hadir: Perangkat > Berkas dari mesin, pilih mesin ini dan berkas attlog.dat-nya."),
                _("Jangan menghapus catatan di mesin sebelum berkasnya ada di Hadir."),
            ),
        ),
    )
