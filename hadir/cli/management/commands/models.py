"""`hadir models`: the model packs of this machine."""

import getpass
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings

from hadir.cli.base import HadirCommand, add_json
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.face import (
    Manifest,
    PackDamaged,
    PackError,
    PackMissing,
    PackNotAllowed,
    SourceMismatch,
    SourceUnavailable,
)
from hadir.face.manifest import pack_places
from hadir.face.packs import CHOICES, PackInfo, install_pack, list_packs, pack_info, verify_pack

CODES: dict[type[PackError], str] = {
    SourceUnavailable: "source_unavailable",
    SourceMismatch: "source_mismatch",
    PackNotAllowed: "pack_not_allowed",
    PackDamaged: "pack_damaged",
    PackMissing: "pack_unknown",
    PackError: "pack_damaged",
}


class Command(HadirCommand):
    """List, install and verify packs."""

    help = "Pasang, tampilkan, atau periksa paket model wajah."
    needs_database: ClassVar[bool] = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the three actions."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="list|install|verify")
        add_json(actions.add_parser("list", help="tampilkan paket yang dikenal, lisensinya, dan mana yang terpasang"))
        install = actions.add_parser("install", help="pasang paket; lisensinya ditampilkan, pilihan Anda dicatat")
        install.add_argument("name", metavar="PAKET", help="misalnya open, sface, edgeface-xs")
        install.add_argument("--from", dest="folder", type=Path, metavar="FOLDER", help="ambil berkas sumber dari sini")
        install.add_argument("--by", metavar="NAMA", help="siapa yang memutuskan (semula: pengguna komputer ini)")
        add_json(install)
        verify = actions.add_parser("verify", help="periksa berkas paket terhadap sha256 di manifesnya")
        verify.add_argument("name", nargs="?", metavar="PAKET", help="semula: paket yang dipakai")
        add_json(verify)

    def run(self, options: dict[str, Any]) -> int:
        """Do one of the actions."""
        actions = {"list": self._list, "install": self._install, "verify": self._verify}
        name = options.get("name") or settings.HADIR_PACK
        try:
            return actions[options["action"]](name, options)
        except PackError as error:
            code = next(code for kind, code in CODES.items() if isinstance(error, kind))
            raise HadirError(code, pack=name, cause=str(error)) from error

    def _list(self, _name: str, options: dict[str, Any]) -> int:
        for pack in list_packs():
            if options["json"]:
                self.fact(_fact(pack))
                continue
            state = f"terpasang: {pack.installed}" if pack.installed else "belum terpasang"
            used = ", dipakai" if pack.name == settings.HADIR_PACK else ""
            self.say(f"{pack.name}  ({state}{used})")
            self.say(f"    {pack.title}")
            self.say(f"    {'Boleh' if pack.allowed else 'TIDAK boleh'} dipakai kantor. {pack.licence}")
        return 0

    def _install(self, name: str, options: dict[str, Any]) -> int:
        pack = pack_info(name)
        self.note(f"{pack.title}\nLisensi: {pack.licence}")
        manifest = install_pack(
            name,
            source_folder=options["folder"],
            now=clock.now(),
            by=options["by"] or getpass.getuser(),
            progress=lambda step: self.note(f"-> {step}"),
        )
        if options["json"]:
            self.fact(_installed(manifest))
        else:
            self.say(f"{manifest.id} terpasang.")
            self.say(f"Pilihan ini dicatat bersama lisensinya di {pack_places()[0] / CHOICES}.")
            if name != settings.HADIR_PACK:
                self.say(f"Untuk memakainya: HADIR_PACK={name}. Wajah perlu didaftarkan lagi dengan paket itu.")
        return 0

    def _verify(self, name: str, options: dict[str, Any]) -> int:
        manifest = verify_pack(name)
        if options["json"]:
            self.fact(_installed(manifest))
        else:
            self.say(f"{manifest.id}: semua berkas utuh.")
        return 0


def _fact(pack: PackInfo) -> dict[str, Any]:
    return {
        "pack": pack.name,
        "title": pack.title,
        "licence": pack.licence,
        "allowed": pack.allowed,
        "installed": pack.installed,
        "current": pack.name == settings.HADIR_PACK,
    }


def _installed(manifest: Manifest) -> dict[str, Any]:
    return {"pack": manifest.pack, "id": manifest.id, "licence": manifest.licence}
