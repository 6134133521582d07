"""`hadir incidents`: what kept schools from recording who was there, and whose days it touches."""

import uuid
from argparse import ArgumentParser
from datetime import date, time, timedelta
from typing import Any

from django.conf import settings

from hadir.attendance.silence import SilentDay, silent_days
from hadir.cli.base import HadirCommand, add_json, find_person, find_school
from hadir.cli.documents import add_document_arguments, keep_document
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.leave.models_incident import Incident, IncidentKind, IncidentState
from hadir.leave.queries_incident import incidents_of
from hadir.leave.services_incident import cancel_confirmed, confirm_incident, dismiss_incident, report_incident
from hadir.planning.views_silence import say_silence
from hadir.schools.models import School

BACK = timedelta(days=21)


class Command(HadirCommand):
    """Incidents."""

    help = "Kejadian: lihat, laporkan, kukuhkan, tolak, batalkan, simpan buktinya, atau cari hari yang diam."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the actions."""
        actions = parser.add_subparsers(
            dest="action", required=True, metavar="list|report|confirm|dismiss|cancel|document|silence"
        )
        listed = actions.add_parser("list", help="kejadian yang dilaporkan dan keputusannya")
        listed.add_argument("--school", metavar="NPSN", help="hanya sekolah ini")
        listed.add_argument("--state", choices=IncidentState.values, help="hanya yang dalam keadaan ini")
        add_json(listed)
        report = actions.add_parser("report", help="laporkan kejadian; belum mengubah hari siapa pun")
        report.add_argument("school", metavar="NPSN")
        report.add_argument("kind", choices=IncidentKind.values)
        report.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="TANGGAL")
        report.add_argument("--to", dest="last", type=date.fromisoformat, metavar="TANGGAL", help="tanpa ini satu hari")
        report.add_argument("--start", type=time.fromisoformat, metavar="JAM", help="07:00")
        report.add_argument("--end", type=time.fromisoformat, metavar="JAM")
        report.add_argument("--words", required=True, help="apa yang terjadi")
        report.add_argument("--evidence", default="", help="di mana buktinya")
        report.add_argument("--person", action="append", metavar="ORANG", help="hanya orang ini; boleh diulang")
        report.add_argument("--name", required=True, help="nama orang yang melaporkan")
        add_json(report)
        for action, word in (
            ("confirm", "kukuhkan; orangnya menjadi hadir karena alasan teknis"),
            ("dismiss", "tolak laporan"),
            ("cancel", "batalkan yang sudah dikukuhkan"),
        ):
            decision = actions.add_parser(action, help=word)
            decision.add_argument(
                "incident", type=uuid.UUID, metavar="KEJADIAN", help="nomor dari hadir incidents list"
            )
            decision.add_argument("--name", required=True, help="nama orang yang memutuskan")
            decision.add_argument("--reason", required=True, help="alasannya")
            add_json(decision)
        document = actions.add_parser("document", help="simpan PDF, JPEG atau PNG sebagai bukti, tersegel")
        document.add_argument("incident", type=uuid.UUID, metavar="KEJADIAN")
        add_document_arguments(document)
        silence = actions.add_parser("silence", help="hari yang tertunda karena sekolah tidak terdengar, dan sebabnya")
        silence.add_argument("--school", metavar="NPSN", help="hanya sekolah ini")
        silence.add_argument("--from", dest="first", type=date.fromisoformat, metavar="TANGGAL")
        silence.add_argument("--to", dest="last", type=date.fromisoformat, metavar="TANGGAL")
        add_json(silence)

    def run(self, options: dict[str, Any]) -> int:
        """Do the chosen action."""
        actions = {
            "list": self._list,
            "report": self._report,
            "confirm": self._confirm,
            "dismiss": self._dismiss,
            "cancel": self._cancel,
            "document": self._document,
            "silence": self._silence,
        }
        return actions[options["action"]](options)

    def _list(self, options: dict[str, Any]) -> int:
        rows: Any = incidents_of(_schools(options["school"]))
        if options["state"]:
            rows = rows.filter(state=options["state"])
        if options["json"]:
            for one in rows:
                self.fact(_fact(one))
            return 0
        self.table(
            ("Kejadian", "Sekolah", "Jenis", "Mulai", "Sampai", "Orang", "Keadaan", "Yang terjadi"),
            [
                (one.pk, one.school.npsn, one.kind, one.first, one.last, one.touched, one.state, one.words[:60])
                for one in rows
            ],
            right=(5,),
        )
        return 0

    def _report(self, options: dict[str, Any]) -> int:
        chosen = options["person"]
        incident = report_incident(
            school=find_school(options["school"]),
            people=None if chosen is None else {find_person(words).pk for words in chosen},
            last=options["last"] or options["first"],
            now=clock.now(),
            **{name: options[name] for name in ("kind", "first", "start", "end", "words", "evidence", "name")},
        )
        return self._tell(incident, options)

    def _confirm(self, options: dict[str, Any]) -> int:
        confirm_incident(incident=_incident(options), **_decision(options))
        return self._tell(_incident(options), options)

    def _dismiss(self, options: dict[str, Any]) -> int:
        dismiss_incident(incident=_incident(options), **_decision(options))
        return self._tell(_incident(options), options)

    def _cancel(self, options: dict[str, Any]) -> int:
        cancel_confirmed(incident=_incident(options), **_decision(options))
        return self._tell(_incident(options), options)

    def _document(self, options: dict[str, Any]) -> int:
        keep_document(self, _incident, options)
        return 0

    def _tell(self, incident: Incident, options: dict[str, Any]) -> int:
        fresh: Any = incidents_of(School.objects.filter(pk=incident.school_id)).get(pk=incident.pk)
        if options["json"]:
            self.fact(_fact(fresh))
        else:
            self.say(f"{fresh.pk}  {fresh.school.name}, {fresh.get_state_display().lower()}, {fresh.touched} orang.")
        return 0

    def _silence(self, options: dict[str, Any]) -> int:
        last = options["last"] or clock.local_date(clock.now(), settings.TIME_ZONE)
        first = options["first"] or last - BACK
        days = silent_days(_schools(options["school"]), first, last)
        if options["json"]:
            for day in days:
                self.fact(_silent(day))
            return 0
        self.table(
            ("Sekolah", "Tanggal", "Orang", "Yang diketahui"),
            [(day.school.npsn, day.day, len(day.people), _known(day)) for day in days],
            right=(2,),
        )
        return 0


def _schools(npsn: str | None) -> Any:
    return School.objects.filter(pk=find_school(npsn).pk) if npsn else School.objects.all()


def _incident(options: dict[str, Any]) -> Incident:
    found = Incident.objects.filter(pk=options["incident"]).first()
    if found is None:
        raise HadirError("incident_unknown")
    return found


def _decision(options: dict[str, Any]) -> dict[str, Any]:
    return {"reason": options["reason"], "name": options["name"], "now": clock.now()}


def _known(day: SilentDay) -> str:
    return say_silence(day.why, ", ".join(one.name for one in day.devices if one.why == day.why))


def _fact(one: Any) -> dict[str, Any]:
    """Return an incident of `incidents_of` for a program."""
    return {
        "id": str(one.pk),
        "school": one.school.npsn,
        "kind": one.kind,
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "start": one.start.isoformat() if one.start else None,
        "end": one.end.isoformat() if one.end else None,
        "words": one.words,
        "evidence": one.evidence,
        "state": one.state,
        "people": one.touched,
        "reported_name": one.reported_name,
        "decided_name": one.decided_name or None,
        "decision": one.decision or None,
    }


def _silent(day: SilentDay) -> dict[str, Any]:
    return {
        "school": day.school.npsn,
        "date": day.day.isoformat(),
        "why": day.why.value,
        "since": day.since.isoformat() if day.since else None,
        "devices": [{"name": one.name, "why": one.why.value} for one in day.devices],
        "people": [str(key) for key, _name in day.people],
    }
