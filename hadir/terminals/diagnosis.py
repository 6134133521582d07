"""Why a terminal is connected and yet no attendance comes: findings, the first cause first, with what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hadir.devices.models import DeviceKind
from hadir.devices.services_terminal import KEY_DIFFERS
from hadir.terminals.models import HeldBack
from hadir.terminals.queries import Standing
from hadir.terminals.words import AGENT_OUTCOMES, ALERTS

QUIET_AFTER = timedelta(hours=2)
"""A machine that polls every half minute and was not heard for so long is off, or its network is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `page`: the page of the terminal that deals with it; empty where that is at the machine."""

    level: Literal["look", "wait", "good"]
    head: str
    help: str
    page: str = ""


def findings(standing: Standing, *, now: datetime) -> list[Finding]:
    """Return what is to be looked at, the first cause first; a single good one if there is nothing."""
    found = list(_findings(standing, now))
    if found:
        return found
    return [Finding("good", _("Semuanya berjalan"), _("Mesin terdengar, catatannya terbaca, dan PIN-nya bernama."))]


def _findings(standing: Standing, now: datetime) -> Iterator[Finding]:
    if standing.state == "revoked":
        yield Finding("wait", _("Mesin ini sudah dinonaktifkan"), _("Kirimannya tetap disimpan, dengan tanda."))
        return
    yield from _connection(standing, now)
    yield from _content(standing)
    yield from _meaning(standing)


def _connection(standing: Standing, now: datetime) -> Iterator[Finding]:
    """Does it speak, and is it believed?"""
    terminal = standing.terminal
    outcome = terminal.options.get("AgentOutcome", "ok")
    if outcome != "ok":
        yield Finding("look", _("Agen sekolah tidak dapat membaca mesin"), str(AGENT_OUTCOMES.get(outcome, outcome)))
    heard = terminal.device.last_heard_at
    if heard is None and terminal.device.kind == DeviceKind.FILE:
        yield Finding(
            "wait", _("Belum ada berkas"), _("Unduh attlog.dat ke flash disk, lalu masukkan di Hadir."), "file"
        )
    elif heard is None:
        yield Finding(
            "wait",
            _("Mesin belum pernah memanggil"),
            _("Isi alamat server di menu mesin, pastikan gateway dan DNS terisi, lalu mulai ulang mesin."),
            "install",
        )
    elif terminal.device.kind != DeviceKind.FILE and heard < now - QUIET_AFTER:
        yield Finding(
            "look",
            _("Mesin tidak terdengar lagi"),
            _("Periksa listrik dan jaringannya. Catatan tersimpan di mesin dan dikirim sendiri sesudah tersambung."),
        )
    if standing.held.get(HeldBack.SECRET_MISSING) or standing.held.get(HeldBack.SECRET_WRONG):
        yield Finding(
            "look",
            _("Ada kiriman tanpa alamat rahasia"),
            _("Kiriman itu ditahan, tidak hilang. Bila mesinnya benar, isi lagi alamat lengkapnya di menu mesin."),
            "install",
        )

    if standing.early:
        yield _early(standing)
    if KEY_DIFFERS in terminal.options:
        yield Finding("look", _("Perintah ditahan: kunci mesin berubah"), str(ALERTS["key_changed"]), "install")


def _early(standing: Standing) -> Finding:
    """Tell of what came before the machine was believed: it is taken in by itself once the machine is."""
    number = {"count": standing.early}
    if standing.terminal.claimed_at is None:
        head = ngettext(
            "%(count)s catatan ditahan sampai mesin diakui",
            "%(count)s catatan ditahan sampai mesin diakui",
            standing.early,
        )
        text = _("Tidak hilang. Isi alamat rahasianya di menu mesin, atau akui mesinnya setelah ia memanggil.")
        return Finding("look", head % number, text, "install")
    head = ngettext(
        "%(count)s catatan dari sebelum mesin diakui sedang dimasukkan",
        "%(count)s catatan dari sebelum mesin diakui sedang dimasukkan",
        standing.early,
    )
    return Finding("wait", head % number, _("Sebagian setiap kali mesin memanggil. Tidak perlu apa-apa."))


def _content(standing: Standing) -> Iterator[Finding]:
    """Does it send attendance, and can it be read?"""
    terminal = standing.terminal
    speaks = terminal.device.last_heard_at is not None and terminal.device.kind != DeviceKind.FILE
    if speaks and not standing.total and not standing.doubted:
        yield Finding(
            "look",
            _("Terhubung, tetapi belum ada catatan kehadiran"),
            _(
                "Pastikan mesin dalam mode absensi (bukan akses pintu) dan sudah ada yang memindai. Lalu minta mesin "
                "mengirim catatannya."
            ),
            "commands" if terminal.device.kind == DeviceKind.ZKTECO else "",
        )
    if terminal.parse_errors or standing.held.get(HeldBack.BAD_LINE):
        yield Finding(
            "look",
            _("Ada baris yang tidak terbaca"),
            _("Baris itu disimpan di bawah. Kirim kepada petugas TI bersama merek dan firmware mesin."),
        )
    if odd := terminal.options.get("AgentOdd", ""):
        text = _("Catatan itu tersimpan di komputer agen: %(odd)s. Tidak diberikan kepada siapa pun.") % {"odd": odd}
        yield Finding("look", _("Agen menahan catatan yang tidak pasti"), text)


def _meaning(standing: Standing) -> Iterator[Finding]:
    """Does it count?"""
    if standing.unknown:
        text = _(
            "%(pins)s PIN belum bernama, %(records)s catatan menunggu. Setelah diberi nama, semuanya berlaku mundur."
        )
        values = {"pins": standing.unknown, "records": standing.waiting}
        yield Finding("look", _("Ada PIN tanpa orang"), text % values, "pins")
    if standing.doubted:
        text = ngettext(
            "%(count)s catatan berjam tidak masuk akal. Belum dihitung sampai seseorang memastikan waktunya.",
            "%(count)s catatan berjam tidak masuk akal. Belum dihitung sampai seseorang memastikan waktunya.",
            standing.doubted,
        )
        yield Finding("look", _("Jam catatan diragukan"), text % {"count": standing.doubted}, "clock")
    if standing.grade in {"odd", "wrong"}:
        yield Finding(
            "look" if standing.grade == "wrong" else "wait",
            _("Jam mesin tidak tepat"),
            _("Periksa zona waktu dan baterai jam mesin. Jam yang selalu kembali ke 2000 perlu baterai baru."),
            "commands" if standing.terminal.device.kind == DeviceKind.ZKTECO else "",
        )
    if standing.alerts:
        yield Finding("look", _("Ada yang terjadi di mesin"), _("Lihat peringatan di bawah."))
