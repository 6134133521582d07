"""`hadir months`: the months of schools: how far they are, signing and opening them, and proof that nothing slipped."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from hadir.accounts.access import Action, may
from hadir.accounts.models import User, plain_username
from hadir.cli.base import HadirCommand, add_json, asked_month, find_school
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.months.adjusting import find_adjustments
from hadir.months.models import Month
from hadir.months.queries import adjustments_of, month_of, open_points, printable_month, say_meaning, signed_later
from hadir.months.services import check_month, close_month, reopen_month
from hadir.months.verifying import Checked, verify_months
from hadir.schools.models import School


class Command(HadirCommand):
    """Months."""

    help = (
        "Lihat, periksa, tutup, dan buka bulan sekolah; cari penyesuaian, dan buktikan bahwa tidak ada yang terlewat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the actions."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="list|show|check|...")
        listed = actions.add_parser("list", help="bulan yang pernah diperiksa atau ditutup")
        listed.add_argument("--school", metavar="NPSN")
        add_json(listed)
        for name, words in (
            ("show", "isi satu bulan: jumlah, yang masih terbuka, sidik, penyesuaian"),
            ("check", "catat bahwa bulan ini sudah diperiksa"),
            ("close", "tanda tangani dan tutup"),
            ("reopen", "buka kembali, dengan alasan"),
        ):
            action = actions.add_parser(name, help=words)
            action.add_argument("month", metavar="YYYY-MM")
            action.add_argument("--school", required=True, metavar="NPSN")
            if name == "show":
                add_json(action)
            else:
                action.add_argument("--by", required=True, metavar="NAMA_PENGGUNA", help="siapa yang melakukannya")
            if name == "close":
                action.add_argument("--digest", required=True, help="sidik dari 'show': yang ditandatangani")
            if name == "reopen":
                action.add_argument("--reason", required=True, metavar="ALASAN")
        actions.add_parser("work", help="cari penyesuaian bulan yang sudah ditutup sekarang juga")
        verify = actions.add_parser(
            "verify", help="hitung ulang sidik setiap lembar dan cari perbedaan tanpa penyesuaian"
        )
        verify.add_argument("--school", metavar="NPSN")
        add_json(verify)

    def run(self, options: dict[str, Any]) -> int:
        """Do the chosen action. `verify`: 1 when anything is wrong."""
        done = getattr(self, f"_{options['action']}")(options)
        return int(done or 0)

    def _list(self, options: dict[str, Any]) -> None:
        months = Month.objects.select_related("school").order_by("first", "school__npsn")
        if options["school"]:
            months = months.filter(school=find_school(options["school"]))
        if options["json"]:
            for one in months:
                facts = {"month": f"{one.first:%Y-%m}", "school": one.school.npsn, "state": one.state}
                self.fact({**facts, "version": one.version})
            return
        rows = [(f"{one.first:%Y-%m}", one.school.npsn, one.get_state_display(), one.version) for one in months]
        self.table(("BULAN", "NPSN", "KEADAAN", "VERSI"), rows)

    def _show(self, options: dict[str, Any]) -> None:
        school, first = _asked(options)
        sheet, closure = printable_month(school, first.year, first.month, clock.now())
        points = open_points(school, first.year, first.month)
        found = list(adjustments_of(school, first.year, first.month))
        if options["json"]:
            self.fact(
                {
                    "digest": sheet.digest(),
                    "state": month_of(school, first.year, first.month).state,
                    "signed": None if closure is None else {"name": closure.signer_name, "at": closure.signed_at},
                    "open": [{"kind": one.kind, "number": one.number} for one in points],
                    "people": [
                        {"name": row.name, "late": row.totals.late, "early": row.totals.early, **row.totals.statuses}
                        for row in sheet.rows
                    ],
                    "adjustments": [
                        {"date": one.day, "person": one.person.name, "old": one.old, "new": one.new, "cause": one.cause}
                        for one in found
                    ],
                }
            )
            return
        self.say(f"{school.name}, {first:%Y-%m}. Sidik {sheet.digest()}")
        signed = (
            f"Ditutup oleh {closure.signer_name}, {closure.signed_at:%Y-%m-%d %H:%M}." if closure else "Belum ditutup."
        )
        self.say(signed)
        for point in points:
            self.say(f"  masih terbuka: {point.number} {point.words}")
        for one in found:
            self.say(f"  penyesuaian {one.day} {one.person.name}: {say_meaning(one.old)} -> {say_meaning(one.new)}")

    def _check(self, options: dict[str, Any]) -> None:
        school, first = _asked(options)
        by = _login(options, Action.SIGN_MONTH, school)
        name = by.display_name
        check_month(school=school, year=first.year, month=first.month, by=by, name=name, now=clock.now())
        self.say("Tercatat: sudah diperiksa.")

    def _close(self, options: dict[str, Any]) -> None:
        school, first = _asked(options)
        by = _login(options, Action.SIGN_MONTH, school)
        person = by.person
        snapshot = close_month(
            school=school,
            year=first.year,
            month=first.month,
            digest=options["digest"],
            name=person.full_name if person else by.display_name,
            nip=person.nip if person else "",
            by=by,
            now=clock.now(),
        )
        self.say(f"Ditutup, versi {snapshot.version}, sidik {snapshot.digest}.")

    def _reopen(self, options: dict[str, Any]) -> None:
        school, first = _asked(options)
        by = _login(options, Action.REOPEN_MONTH, school)
        reopen_month(
            school=school,
            year=first.year,
            month=first.month,
            reason=options["reason"],
            name=by.display_name,
            by=by,
            now=clock.now(),
        )
        self.say("Dibuka kembali. Yang sudah ditandatangani tetap tersimpan.")
        for later, number in signed_later(month_of(school, first.year, first.month)).items():
            self.say(
                f"  {number} penyesuaiannya ada di lembar {later:%Y-%m} yang sudah ditandatangani: terhitung dua kali"
            )
            self.say("  sampai lembar itu juga dibuka dan ditandatangani ulang.")

    def _work(self, _options: dict[str, Any]) -> None:
        self.say(f"{find_adjustments(now=clock.now())} penyesuaian baru.")

    def _verify(self, options: dict[str, Any]) -> int:
        schools = School.objects.all()
        if options["school"]:
            schools = schools.filter(pk=find_school(options["school"]).pk)
        checked = wrong = 0
        for one in verify_months(schools):
            checked += 1
            wrong += not one.is_right
            if options["json"]:
                self.fact(one.facts())
            elif not one.is_right:
                self.say(_wrong(one))
        if not options["json"]:
            self.say(f"{checked} lembar diperiksa, {wrong} tidak cocok.")
        return 1 if wrong else 0


def _wrong(one: Checked) -> str:
    """Return what is wrong with a signed month, in one line."""
    found = [] if one.digest_holds else ["sidiknya berbeda"]
    if one.unseen:
        found.append(f"{one.unseen} hari berubah tanpa penyesuaian")
    if one.homeless:
        found.append(f"{one.homeless} penyesuaian tidak ada di lembarnya")
    if one.uneven:
        found.append(f"hitungan {one.uneven} orang bukan yang ditandatangani ditambah penyesuaiannya")
    if one.opened_silently:
        found.append("dibuka kembali tanpa alasan")
    return f"{one.month}  {one.npsn}  {', '.join(found)}"


def _asked(options: dict[str, Any]) -> tuple[School, date]:
    first = asked_month(options["month"])
    school = find_school(options["school"])
    return School.objects.select_related("district__region", "island").get(pk=school.pk), first


def _login(options: dict[str, Any], action: Action, school: School) -> User:
    """Return the login that answers for the act; it must be one that may do it."""
    user: AbstractBaseUser | None = User.objects.filter(username=plain_username(options["by"])).first()
    if not isinstance(user, User) or not may(user, action, school):
        raise HadirError("not_allowed")
    return user
