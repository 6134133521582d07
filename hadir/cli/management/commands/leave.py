"""`hadir leave`: requests for leave, duty and corrections, as an office that holds the paper enters and decides."""

import uuid
from argparse import ArgumentParser
from datetime import date, time
from itertools import islice
from typing import Any

from hadir.accounts.models import User, plain_username
from hadir.cli.base import HadirCommand, add_json, find_person, find_school
from hadir.cli.documents import add_document_arguments, keep_document
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.leave.counting import balances
from hadir.leave.models import LeaveRequest
from hadir.leave.models_request import RequestState
from hadir.leave.services import Wish, cancel_request, carry_days, decide, file_request, withdraw_request
from hadir.leave.working import counts_of

SHOWN = 200
AT_ONCE = 500


class Command(HadirCommand):
    """Leave."""

    help = "Lihat, ajukan, putuskan, dan batalkan izin, cuti, dinas luar, dan koreksi; lihat sisa cuti."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the actions."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="list|add|decide|...")
        listed = actions.add_parser("list", help="permohonan, terbaru dulu")
        listed.add_argument("--person", metavar="ORANG")
        listed.add_argument("--state", choices=RequestState.values)
        add_json(listed)
        shown = actions.add_parser("show", help="satu permohonan, keputusannya, dan dokumennya")
        shown.add_argument("id", type=uuid.UUID, metavar="NOMOR")
        add_json(shown)
        self._add_add(actions)
        decided = actions.add_parser("decide", help="setujui atau tolak")
        decided.add_argument("id", type=uuid.UUID, metavar="NOMOR")
        decided.add_argument("verdict", choices=["approve", "reject"])
        for name, words in (("withdraw", "tarik yang belum diputuskan"), ("cancel", "batalkan yang sudah disetujui")):
            actions.add_parser(name, help=words).add_argument("id", type=uuid.UUID, metavar="NOMOR")
        for name in ("decide", "withdraw", "cancel"):
            action = actions.choices[name]
            action.add_argument("--by", metavar="NAMA_PENGGUNA", help="siapa; tanpa ini kantor (perintah)")
            action.add_argument("--reason", default="", metavar="ALASAN")
            add_json(action)
        document = actions.add_parser("document", help="tambahkan dokumen pada permohonan")
        document.add_argument("id", type=uuid.UUID, metavar="NOMOR")
        add_document_arguments(document)
        left = actions.add_parser("balances", help="sisa cuti dan koreksi seseorang")
        left.add_argument("person", metavar="ORANG")
        left.add_argument("--date", type=date.fromisoformat, metavar="TANGGAL")
        add_json(left)
        carried = actions.add_parser("carry", help="catat sisa cuti yang dibawa dari sebelum Hadir")
        carried.add_argument("person", metavar="ORANG")
        carried.add_argument("kind", metavar="JENIS")
        carried.add_argument("year", type=int, metavar="TAHUN")
        carried.add_argument("days", type=int, metavar="HARI")
        carried.add_argument("--source", required=True, metavar="DASAR")

    def _add_add(self, actions: Any) -> None:
        added = actions.add_parser("add", help="ajukan untuk seseorang")
        added.add_argument("person", metavar="ORANG")
        added.add_argument("kind", metavar="JENIS", help="I S CT CB CS CM CAP CLTN DL K")
        added.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="TANGGAL")
        added.add_argument("--to", dest="last", type=date.fromisoformat, metavar="TANGGAL")
        added.add_argument("--start", type=time.fromisoformat, metavar="JJ:MM")
        added.add_argument("--end", type=time.fromisoformat, metavar="JJ:MM")
        added.add_argument("--reason", required=True, metavar="ALASAN")
        added.add_argument("--letter", default="", metavar="NOMOR", help="nomor surat tugas")
        added.add_argument("--place", default="", metavar="TEMPAT")
        added.add_argument("--school", metavar="NPSN", help="hanya di sekolah ini")
        added.add_argument("--by", metavar="NAMA_PENGGUNA")
        add_json(added)

    def run(self, options: dict[str, Any]) -> int:
        """Do the chosen action."""
        getattr(self, f"_{options['action']}")(options)
        return 0

    def _list(self, options: dict[str, Any]) -> None:
        found = LeaveRequest.objects.select_related("person").order_by("-first", "-filed_at")
        if options["person"]:
            found = found.filter(person=find_person(options["person"]))
        if options["state"]:
            found = found.filter(state=options["state"])
        if options["json"]:
            rows = found.iterator()
            while some := list(islice(rows, AT_ONCE)):
                counts = counts_of(some)
                for one in some:
                    self.fact(_facts(one, counts[one.pk]))
            return
        shown = [
            (one.pk, one.person.name, one.kind, one.first, one.last, one.get_state_display()) for one in found[:SHOWN]
        ]
        self.table(("NOMOR", "NAMA", "JENIS", "MULAI", "SAMPAI", "KEADAAN"), shown)

    def _show(self, options: dict[str, Any]) -> None:
        one = _request(options)
        decisions = [
            {"verdict": each.verdict, "by": each.decided_name, "at": each.decided_at, "reason": each.reason}
            for each in one.decisions.all()
        ]
        documents = [
            {"id": str(each.pk), "name": each.name, "size": each.size, "sha256": each.sha256}
            for each in one.documents.defer("sealed")
        ]
        if options["json"]:
            self.fact({**_facts(one), "filed_by": one.filed_name, "decisions": decisions, "documents": documents})
            return
        self.say(
            f"{one.person.name}: {one.kind} {one.first} sampai {one.last}, {one.get_state_display()}. {one.reason}"
        )
        for decision in decisions:
            self.say(
                f"  {decision['at']:%Y-%m-%d %H:%M}  {decision['verdict']}  {decision['by']}  {decision['reason']}"
            )
        for document in documents:
            self.say(f"  dokumen {document['name']}, {document['size']} byte, sidik {document['sha256']}")

    def _add(self, options: dict[str, Any]) -> None:
        by = _login(options)
        wish = Wish(
            kind=options["kind"],
            first=options["first"],
            last=options["last"] or options["first"],
            start=options["start"],
            end=options["end"],
            reason=options["reason"],
            letter=options["letter"],
            place=options["place"],
            school=find_school(options["school"]) if options["school"] else None,
        )
        person = find_person(options["person"])
        made = file_request(person=person, wish=wish, by=by, name=_name(by), now=clock.now())
        self._became(made, options)

    def _decide(self, options: dict[str, Any]) -> None:
        by = _login(options)
        done = decide(
            request=_request(options),
            approve=options["verdict"] == "approve",
            reason=options["reason"],
            by=by,
            name=_name(by),
            now=clock.now(),
        )
        self._became(done, options)

    def _withdraw(self, options: dict[str, Any]) -> None:
        by = _login(options)
        done = withdraw_request(request=_request(options), by=by, name=_name(by), now=clock.now())
        self._became(done, options)

    def _cancel(self, options: dict[str, Any]) -> None:
        by = _login(options)
        reason = options["reason"]
        done = cancel_request(request=_request(options), reason=reason, by=by, name=_name(by), now=clock.now())
        self._became(done, options)

    def _became(self, one: LeaveRequest, options: dict[str, Any]) -> None:
        if options["json"]:
            self.fact(_facts(one))
        else:
            self.say(f"{one.pk}  {one.get_state_display()}")

    def _document(self, options: dict[str, Any]) -> None:
        keep_document(self, _request, options)

    def _balances(self, options: dict[str, Any]) -> None:
        person = find_person(options["person"])
        today = clock.local_date(clock.now(), "Asia/Jakarta")
        found = balances(person, options["date"] or today, today=today)
        if options["json"]:
            for one in found:
                self.fact(
                    {"kind": one.kind, "limit": one.limit, "carried": one.carried, "taken": one.taken, "left": one.left}
                )
            return
        rows = [(one.kind, one.rule.name, one.limit, one.carried, one.taken, one.left) for one in found]
        self.table(("JENIS", "NAMA", "BATAS", "DIBAWA", "TERPAKAI", "SISA"), rows, right=(2, 3, 4, 5))

    def _carry(self, options: dict[str, Any]) -> None:
        row = carry_days(
            person=find_person(options["person"]),
            kind=options["kind"],
            year=options["year"],
            days=options["days"],
            source=options["source"],
            by=None,
            now=clock.now(),
        )
        self.say(f"{row.days} hari {row.kind} dibawa ke {row.year}.")


def _request(options: dict[str, Any]) -> LeaveRequest:
    found = LeaveRequest.objects.filter(pk=options["id"]).first()
    if found is None:
        raise HadirError("leave_unknown")
    return found


def _login(options: dict[str, Any]) -> User | None:
    if not options["by"]:
        return None
    user = User.objects.filter(username=plain_username(options["by"])).first()
    if user is None:
        raise HadirError("not_allowed")
    return user


def _name(by: User | None) -> str:
    return by.display_name if by is not None else "kantor (perintah)"


def _facts(one: LeaveRequest, counts: int | None = None) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "person": one.person.name,
        "kind": one.kind,
        "first": one.first,
        "last": one.last,
        "start": one.start,
        "end": one.end,
        "days": one.days,
        "counts": counts_of([one])[one.pk] if counts is None else counts,
        "state": one.state,
        "reason": one.reason,
    }
