"""`hadir agent`: the agent on a school's PC (run, once, check, build), and the keys of agents on the server."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, ClassVar

from hadir.agent.bundle import write_bundle
from hadir.agent.cli import ACTIONS, add_arguments, perform
from hadir.cli.base import HadirCommand, add_json, check_database, find_school
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.gateways.agent.models import AgentKey
from hadir.gateways.agent.services import issue_key, revoke_key


class Command(HadirCommand):
    """Without a database where it runs as the agent: a school's PC has none."""

    help = "Agen sekolah: membaca mesin di jaringan sekolah dan meneruskannya. Di server: kunci agen."
    needs_database: ClassVar[bool] = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the actions."""
        actions = parser.add_subparsers(
            dest="action", required=True, metavar="run|once|check|clock|build|key|keys|revoke"
        )
        add_arguments(actions)
        build = actions.add_parser(
            "build", help="tulis agen sebagai satu berkas .pyz untuk disalin ke komputer sekolah"
        )
        build.add_argument("file", type=Path, metavar="BERKAS.pyz")
        key = actions.add_parser("key", help="buat kunci untuk agen satu sekolah; tampil sekali saja")
        key.add_argument("--school", required=True, metavar="NPSN")
        add_json(key)
        keys = actions.add_parser("keys", help="tampilkan kunci agen dan kapan terakhir terdengar")
        keys.add_argument("--school", metavar="NPSN", help="hanya sekolah ini")
        add_json(keys)
        revoke = actions.add_parser("revoke", help="cabut sebuah kunci")
        revoke.add_argument("name", metavar="NAMA", help="nama kunci, seperti di daftar")

    def run(self, options: dict[str, Any]) -> int:
        """Run the agent here, or work on the server's keys."""
        action = options["action"]
        if action in ACTIONS:
            sets = bool(options.get("set"))
            return perform(action, options["config"], as_json=options["json"], sets=sets)
        if action == "build":
            write_bundle(options["file"])
            self.say(f"{options['file']} ditulis. Salin bersama agen.ini, lalu: python {options['file'].name} check")
            return 0
        check_database()
        return {"key": self._key, "keys": self._keys, "revoke": self._revoke}[action](options)

    def _key(self, options: dict[str, Any]) -> int:
        school = find_school(options["school"])
        key = issue_key(school=school, by=None, now=clock.now())
        if options["json"]:
            self.fact({"name": key.name, "school": school.npsn, "key": key.text()})
        else:
            self.note(f"Kunci agen {school.name}. Salin ke agen.ini sekarang: kunci ini tidak dapat ditampilkan lagi.")
            self.say(key.text())
        return 0

    def _keys(self, options: dict[str, Any]) -> int:
        found = AgentKey.objects.select_related("school")
        if options["school"]:
            found = found.filter(school=find_school(options["school"]))
        if options["json"]:
            for key in found:
                self.fact(
                    {
                        "name": key.name,
                        "school": key.school.npsn,
                        "created_at": key.created_at.isoformat(),
                        "last_heard_at": key.last_heard_at and key.last_heard_at.isoformat(),
                        "revoked_at": key.revoked_at and key.revoked_at.isoformat(),
                    }
                )
            return 0
        rows = [
            (
                key.name,
                key.school.name,
                f"{key.last_heard_at:%Y-%m-%d %H.%M} UTC" if key.last_heard_at else "belum pernah",
                "dicabut" if key.revoked_at else "berlaku",
            )
            for key in found
        ]
        self.table(("Kunci", "Sekolah", "Terakhir terdengar", "Keadaan"), rows)
        return 0

    def _revoke(self, options: dict[str, Any]) -> int:
        key = AgentKey.objects.filter(name=options["name"]).first()
        if key is None:
            raise HadirError("agent_key_unknown")
        revoke_key(key=key, by=None, now=clock.now())
        self.say(f"Kunci {key.name} dicabut.")
        return 0
