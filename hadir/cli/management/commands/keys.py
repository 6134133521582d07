"""`hadir keys`: the keys that templates are sealed with."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.db.models import Count

from hadir.cli.base import HadirCommand, add_json
from hadir.core import clock
from hadir.enrolment.models import Template
from hadir.enrolment.services import reseal_templates
from hadir.enrolment.vault import key_ring, renew_key


class Command(HadirCommand):
    """Show which keys are in use; rotate to a new one."""

    help = "Tampilkan kunci data wajah, atau ganti dengan kunci baru dan segel ulang semua templat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the two actions."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="show|rotate")
        add_json(actions.add_parser("show", help="tampilkan kunci dan jumlah templatnya"))
        add_json(actions.add_parser("rotate", help="buat kunci baru, segel ulang, simpan kunci lama di sampingnya"))

    def run(self, options: dict[str, Any]) -> int:
        """Show or rotate."""
        if options["action"] == "rotate":
            return self._rotate(options)
        ring = key_ring()
        counts = Template.objects.order_by().values_list("key_id").annotate(Count("id"))
        for key, count in counts:
            state = "dipakai" if key == ring.current else "lama" if key in ring.keys else "HILANG"
            if options["json"]:
                self.fact({"key": key, "templates": count, "current": key == ring.current, "present": key in ring.keys})
            else:
                self.say(f"{key}  {count} templat  {state}")
        if not options["json"]:
            self.say(f"Berkas kunci: {settings.HADIR_TEMPLATE_KEY_FILE}")
        return 0

    def _rotate(self, options: dict[str, Any]) -> int:
        now = clock.now()
        retired = renew_key(now)
        count = reseal_templates(now=now)
        if options["json"]:
            self.fact({"templates": count, "retired": str(retired)})
        else:
            self.say(f"{count} templat disegel dengan kunci baru. Kunci lama: {retired}")
            self.say("Cadangkan kunci baru terpisah dari basis data. Kunci lama hanya perlu untuk cadangan lama.")
        return 0
