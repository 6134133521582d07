"""`hadir devices`: bought terminals: add, claim, list, say whose PIN is whose, give orders, put clocks right."""

from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from hadir.cli import terminal_facts
from hadir.cli.base import HadirCommand, add_json, find_person, find_school
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.devices.addresses import has_secret, terminal_address
from hadir.devices.models import TERMINAL_KINDS, Device, DeviceKind, PinMapping, Terminal
from hadir.devices.queries import schools_of
from hadir.devices.queries_terminal import terminal_by_serial, terminals
from hadir.devices.services import revoke_device
from hadir.devices.services_terminal import add_terminal, renew_secret
from hadir.ledger.mapping import end_mapping, map_pin
from hadir.ledger.queries_terminal import DoubtedPunch, doubted_punches
from hadir.ledger.services_terminal import FIRST_YEAR, LAST_YEAR, confirm_time
from hadir.terminals.commands import draft_command, queue_command
from hadir.terminals.door import claim_terminal
from hadir.terminals.models import Caller, CommandKind
from hadir.terminals.models import Command as TerminalCommand
from hadir.terminals.suggestions import suggest


class Command(HadirCommand):
    """Everything about terminals that an operator or a script does."""

    help = "Mesin absensi: tambah, akui, petakan PIN, beri perintah, pastikan jam."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the actions."""
        actions = parser.add_subparsers(
            dest="action", required=True, metavar="add|list|claim|map|unmap|commands|clock|secret|revoke"
        )
        add = actions.add_parser("add", help="daftarkan mesin; alamat rahasianya ditampilkan sekali ini saja")
        add.add_argument("serial", metavar="SERIAL", help="nomor seri di badan mesin")
        add.add_argument("--kind", required=True, choices=[kind.value for kind in TERMINAL_KINDS], help="jenis mesin")
        add.add_argument("--school", required=True, metavar="NPSN", help="sekolah; zona waktunya dipakai untuk jamnya")
        add.add_argument("--name", default="", metavar="NAMA", help="misalnya 'Mesin ruang guru'")
        shown = actions.add_parser("list", help="tampilkan mesin, dan nomor seri yang belum diakui")
        shown.add_argument("--school", metavar="NPSN", help="hanya sekolah ini")
        add_json(shown)
        claim = actions.add_parser("claim", help="akui mesin yang baru saja menghubungi server")
        claim.add_argument("serial", metavar="SERIAL")
        claim.add_argument("--school", required=True, metavar="NPSN")
        add_json(claim)
        self._add_pin_actions(actions)
        orders = actions.add_parser("commands", help="tampilkan antrean perintah, atau siapkan satu perintah")
        orders.add_argument("serial", metavar="SERIAL")
        orders.add_argument("kind", nargs="?", choices=CommandKind.values, metavar="PERINTAH",
                            help=", ".join(CommandKind.values))  # fmt: skip
        orders.add_argument("--from", dest="first", type=_moment, metavar="WAKTU", help="'2026-09-01' atau dengan jam")
        orders.add_argument("--to", dest="last", type=_end, metavar="WAKTU",
                            help="tanggal saja: sampai akhir hari itu")  # fmt: skip
        orders.add_argument("--pin", default="", help="PIN di mesin")
        orders.add_argument("--person", metavar="ORANG", help="nomor, NIP, atau nama")
        orders.add_argument("--yes", action="store_true", help="masukkan ke antrean; tanpa ini hanya ditampilkan")
        add_json(orders)
        clocks = actions.add_parser("clock", help="catatan dengan jam yang diragukan, dan waktu yang diusulkan")
        clocks.add_argument("serial", metavar="SERIAL")
        either = clocks.add_mutually_exclusive_group()
        either.add_argument("--accept", metavar="CATATAN", help="pastikan waktu yang diusulkan; 'all' untuk semuanya")
        either.add_argument("--reject", metavar="CATATAN", help="waktunya tidak dapat diketahui")
        clocks.add_argument("--at", type=_moment, metavar="WAKTU", help="waktu setempat yang benar, ganti usulan")
        clocks.add_argument("--reason", default="", metavar="ALASAN")
        add_json(clocks)
        for action, words in (("secret", "ganti alamat rahasia mesin"), ("revoke", "akhiri pemakaian mesin")):
            actions.add_parser(action, help=words).add_argument("serial", metavar="SERIAL")

    def _add_pin_actions(self, actions: Any) -> None:
        mapped = actions.add_parser("map", help="tampilkan PIN yang belum dipetakan, atau petakan satu PIN")
        mapped.add_argument("serial", metavar="SERIAL")
        mapped.add_argument("pin", nargs="?", metavar="PIN")
        mapped.add_argument("person", nargs="?", metavar="ORANG", help="nomor, NIP, atau nama")
        mapped.add_argument("--from", dest="first", type=date.fromisoformat, metavar="TANGGAL")
        mapped.add_argument("--to", dest="last", type=date.fromisoformat, metavar="TANGGAL")
        add_json(mapped)
        ended = actions.add_parser("unmap", help="akhiri pemetaan sebuah PIN")
        ended.add_argument("serial", metavar="SERIAL")
        ended.add_argument("pin", metavar="PIN")
        ended.add_argument("--to", dest="last", type=date.fromisoformat, required=True, metavar="TANGGAL",
                           help="hari terakhir berlaku")  # fmt: skip

    def run(self, options: dict[str, Any]) -> int:
        """Do what was asked."""
        actions: Mapping[str, Any] = {
            "add": self._add,
            "list": self._list,
            "claim": self._claim,
            "map": self._map,
            "unmap": self._unmap,
            "commands": self._commands,
            "clock": self._clock,
            "secret": self._secret,
            "revoke": self._revoke,
        }
        return int(actions[options["action"]](options))

    def _add(self, options: dict[str, Any]) -> int:
        school = find_school(options["school"])
        terminal, secret = add_terminal(
            serial=options["serial"],
            kind=options["kind"],
            schools=[school],
            name=options["name"],
            by=None,
            now=clock.now(),
        )
        self._show_address(terminal, secret)
        return 0

    def _show_address(self, terminal: Terminal, secret: str) -> None:
        kind = terminal.device.kind
        self.fact(
            {
                "id": str(terminal.device_id),
                "serial": terminal.serial,
                "kind": kind,
                "school": schools_of(terminal.device)[0].npsn,
                "url": terminal_address(kind, secret),
                "secret": secret if secret and has_secret(kind) else None,
            }
        )

    def _list(self, options: dict[str, Any]) -> int:
        found = terminals().order_by("serial")
        kiosks = Device.objects.filter(kind=DeviceKind.KIOSK).prefetch_related("schools").order_by("name", "id")
        if options["school"]:
            school = find_school(options["school"])
            found, kiosks = found.filter(device__schools=school), kiosks.filter(schools=school)
        facts = [terminal_facts.terminal_fact(terminal) for terminal in found]
        if not options["school"]:
            facts += [terminal_facts.caller_fact(caller) for caller in Caller.objects.all()]
        facts += [terminal_facts.kiosk_fact(kiosk) for kiosk in kiosks]
        if options["json"]:
            for fact in facts:
                self.fact(fact)
            return 0
        head = ("Nomor seri", "Jenis", "Sekolah", "Keadaan", "Model", "Terakhir", "Selisih jam", "PIN menunggu")
        self.table(head, [terminal_facts.terminal_row(fact) for fact in facts], right=(6, 7))
        return 0

    def _claim(self, options: dict[str, Any]) -> int:
        school = find_school(options["school"])
        caller = Caller.objects.filter(serial=options["serial"].strip()).first()
        seen = terminal_facts.caller_fact(caller) if caller else {}
        made = claim_terminal(serial=options["serial"], school=school, by=None, now=clock.now())
        fact = {
            "id": str(made.terminal.device_id),
            "serial": made.terminal.serial,
            "kind": made.terminal.device.kind,
            "school": school.npsn,
            **{key: seen.get(key) for key in ("model", "firmware", "ip", "users", "records")},
            "stored": made.stored,
            "known": made.known,
            "bad": made.bad,
            "url": terminal_address(made.terminal.device.kind, made.secret) if made.secret else None,
            "secret": made.secret if made.secret and has_secret(made.terminal.device.kind) else None,
        }
        if options["json"]:
            self.fact(fact)
            return 0
        self.say(f"Mesin {fact['serial']} ({fact['model'] or 'model tidak disebut'}) diakui untuk {school.name}.")
        self.say(
            f"Dari alamat {fact['ip']}: {made.stored} catatan masuk, {made.known} sudah ada, {made.bad} tidak terbaca."
        )
        if fact["secret"]:
            self.say(f"Alamat rahasia, tampil sekali ini: {fact['url']}")
        elif fact["url"]:
            self.say(f"Alamat untuk menu mesin: {fact['url']}")
        return 0

    def _map(self, options: dict[str, Any]) -> int:
        terminal, now = _terminal(options["serial"]), clock.now()
        if options["pin"] and not options["person"]:
            raise HadirError("person_unknown")
        if options["pin"]:
            made = map_pin(
                device=terminal.device,
                pin=options["pin"],
                person=find_person(options["person"]),
                valid_from=options["first"],
                valid_to=options["last"],
                by=None,
                now=now,
            )
            fact = terminal_facts.mapping_fact(made)
            self.fact(fact) if options["json"] else self.say(
                f"PIN {made.pin}: {made.person.name}, mulai {made.valid_from}."
            )
            return 0
        today = clock.local_date(now, schools_of(terminal.device)[0].time_zone)
        found = suggest(terminal.device, today=today)
        if options["json"]:
            for one in found:
                self.fact(terminal_facts.suggestion_fact(one))
            return 0
        head = ("PIN", "Nama di mesin", "Menunggu", "Usul")
        self.table(head, [terminal_facts.suggestion_row(one) for one in found], right=(2,))
        return 0

    def _unmap(self, options: dict[str, Any]) -> int:
        terminal = _terminal(options["serial"])
        mapping = PinMapping.objects.filter(device=terminal.device, pin=options["pin"]).order_by("valid_from").last()
        if mapping is None:
            raise HadirError("pin_invalid")
        end_mapping(mapping=mapping, last=options["last"], by=None, now=clock.now())
        self.say(f"PIN {mapping.pin} berlaku sampai {mapping.valid_to}.")
        return 0

    def _commands(self, options: dict[str, Any]) -> int:
        terminal = _terminal(options["serial"])
        if options["kind"] is None:
            found = TerminalCommand.objects.filter(device=terminal.device).order_by("id")
            for command in found:
                fact = terminal_facts.command_fact(command)
                self.fact(fact) if options["json"] else self.say(terminal_facts.command_line(command))
            return 0
        zone = schools_of(terminal.device)[0].time_zone
        draft = draft_command(
            terminal=terminal,
            kind=options["kind"],
            first=_local(options["first"], zone),
            last=_local(options["last"], zone),
            pin=options["pin"],
            person=find_person(options["person"]) if options["person"] else None,
        )
        made = queue_command(draft=draft, by=None, now=clock.now()) if options["yes"] else None
        if options["json"]:
            self.fact({"text": draft.text, "warnings": list(draft.warnings), "command": made.pk if made else None})
            return 0
        self.say(draft.shown)
        for warning in draft.warnings:
            self.note(warning)
        self.say(f"Perintah {made.pk} menunggu mesin." if made else "Belum dikirim. Ulangi dengan --yes.")
        return 0

    def _clock(self, options: dict[str, Any]) -> int:
        terminal = _terminal(options["serial"])
        zone = schools_of(terminal.device)[0].time_zone
        found = doubted_punches([terminal.device_id])
        chosen = options["accept"] or options["reject"]
        if not chosen:
            for one in found:
                fact = terminal_facts.doubted_fact(one, ZoneInfo(zone))
                self.fact(fact) if options["json"] else self.say("  ".join(str(value) for value in fact.values()))
            return 0
        done = 0
        for one in found:
            if chosen == "all" or str(one.scan.pk) == chosen:
                done += self._decide(one, options, zone)
        if not done:
            raise HadirError("clock_not_doubted")
        self.say(f"{done} catatan diputuskan.")
        return 0

    def _decide(self, one: DoubtedPunch, options: dict[str, Any], zone: str) -> int:
        at = clock.typed_moment(options["at"], zone) if options["at"] else one.proposed
        if options["accept"] and at is None:
            self.note(f"{one.scan.pk}: tidak ada usulan; tuliskan --at")
            return 0
        confirm_time(
            scan=one.scan,
            at=None if options["reject"] else at,
            reason=options["reason"],
            by=None,
            now=clock.now(),
        )
        return 1

    def _secret(self, options: dict[str, Any]) -> int:
        terminal = _terminal(options["serial"])
        self._show_address(terminal, renew_secret(terminal=terminal, by=None, now=clock.now()))
        return 0

    def _revoke(self, options: dict[str, Any]) -> int:
        terminal = _terminal(options["serial"])
        revoke_device(device=terminal.device, by=None, now=clock.now())
        self.say(f"Mesin {terminal.serial} tidak dipakai lagi. Kirimannya tetap disimpan, dengan tanda.")
        return 0


def _terminal(serial: str) -> Terminal:
    found = terminal_by_serial(serial.strip())
    if found is None:
        raise HadirError("serial_unknown", serial=serial)
    return found


def _moment(text: str) -> datetime:
    """Read a date or a time, with or without an offset. Raises ValueError, also for a year of no machine."""
    moment = datetime.fromisoformat(text)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError("no such year")
    return moment


def _end(text: str) -> datetime:
    """Read the end of a span: a date alone is meant to its last second."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _moment(text)
    return _moment(datetime.combine(day, time(23, 59, 59)).isoformat())


def _local(moment: datetime | None, zone: str) -> datetime | None:
    """Return a typed moment as the machine's own clock shows it, without a zone."""
    return None if moment is None else clock.typed_moment(moment, zone).replace(tzinfo=None)
