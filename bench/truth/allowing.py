"""Leave, duty, corrections and technical reasons, asked for and decided through the services of `hadir.leave`."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

from bench.truth.world import DAY, Human, World, happen
from hadir.core.errors import HadirError
from hadir.leave.documents import add_document
from hadir.leave.granted import Granted
from hadir.leave.models_incident import IncidentKind
from hadir.leave.models_request import LeaveRequest
from hadir.leave.services import Wish, cancel_request, decide, file_request, withdraw_request
from hadir.leave.services_incident import confirm_incident, report_incident
from hadir.schools.models import School

LETTER = b"%PDF-1.7 surat"
CLOCKS = [time(9), time(15, 30)]


def allow(world: World, human: Human) -> None:
    """Let a person ask for absences, duties and parts of days, and a school report what failed.

    What is refused, withdrawn, rejected or cancelled changes nothing, so `world.granted` does not hold it.
    """
    chance = world.chance
    for _ in range(chance.choice([0, 1, 1, 2, 3])):
        first = world.first + chance.randrange((world.last - world.first).days) * DAY
        last = first + chance.randrange(3) * DAY
        code = chance.choice(["S", "I", "CT", "DL", "TEKNIS", "part I", "part DL"])
        if code == "TEKNIS":
            _technical(world, human, first, last)
            continue
        kind = code.removeprefix("part ")
        hours: tuple[time | None, time | None] = (None, None)
        if code.startswith("part"):
            last = first
            hours = (time(9), time(11)) if human.pattern != "jaga-malam" else (time(22), time(23, 30))
        letter = "800/1/2026" if kind == "DL" else ""
        wish = Wish(kind=kind, first=first, last=last, reason="uji", start=hours[0], end=hours[1], letter=letter)
        if _ask(world, human, wish):
            world.granted[human.person.pk].append(Granted(human.person.pk, kind, first, last, None, *hours))


def correct(world: World, human: Human, school: School, day: date, moment: datetime) -> datetime | None:
    """Let somebody ask for the record that she forgot, to the minute; return its time if it was granted."""
    told = moment.replace(second=0, microsecond=0)
    if moment.date() != day or world.chance.random() < 0.5:
        return None
    wish = Wish(kind="K", first=day, last=day, reason="lupa", start=told.time(), school=school)
    return told if _ask(world, human, wish) else None


def _ask(world: World, human: Human, wish: Wish) -> bool:
    """File a request and let it be decided at some time, often after its days. True where it will hold."""
    chance, zone = world.chance, world.over.tzinfo
    filed = datetime.combine(wish.first + chance.choice([-3, 0, 0, 1, 4, 12]) * DAY, chance.choice(CLOCKS), zone)
    try:
        request = file_request(person=human.person, wish=wish, by=None, name="Pemohon", now=filed)
    except HadirError as error:
        world.asked[f"refused: {error.code}"] += 1
        return False
    fate = chance.choice([*["approved"] * 17, "rejected", "withdrawn", "cancelled"])
    world.asked[fate] += 1
    at = filed + chance.randrange(1, 12 * 24) * timedelta(hours=1)
    happen(world, at, partial(_decide, request, fate, at))
    if fate == "cancelled":
        happen(world, at + DAY, partial(_cancel, request, at + DAY))
    return fate == "approved"


def _decide(request: LeaveRequest, fate: str, at: datetime) -> None:
    if fate == "withdrawn":
        withdraw_request(request=request, by=None, name="Pemohon", now=at)
        return
    add_document(beside=request, name="surat.pdf", data=LETTER, by=None, now=at)
    decide(request=request, approve=fate != "rejected", reason="uji", by=None, name="Dinas", now=at)


def _cancel(request: LeaveRequest, at: datetime) -> None:
    cancel_request(request=LeaveRequest.objects.get(pk=request.pk), reason="uji", by=None, name="Dinas", now=at)


def _technical(world: World, human: Human, first: date, last: date) -> None:
    """Report what failed at her school for her, and confirm it days later. One of each kind for a school and dates."""
    kind, school, key = world.chance.choice(IncidentKind.values), human.home, human.person.pk
    if (school.pk, kind, first, last) in world.incidents:
        return
    world.incidents.add((school.pk, kind, first, last))
    world.asked["incident"] += 1
    at = datetime.combine(last + world.chance.randrange(1, 9) * DAY, time(10), world.over.tzinfo)
    happen(world, at, _reporting(human, kind, first, last, at))
    world.granted[key].append(Granted(key, "TEKNIS", first, last, school.pk))


def _reporting(human: Human, kind: str, first: date, last: date, at: datetime) -> Callable[[], None]:
    def report() -> None:
        made = report_incident(
            school=human.home, kind=kind, first=first, last=last, words="uji", name="Kepala", now=at,
            people=[human.person.pk],
        )  # fmt: skip
        confirm_incident(incident=made, reason="uji", name="Dinas", now=at + timedelta(hours=5))

    return report


def told(asked: Counter[str]) -> str:
    """Return what became of the requests, in words."""
    return ", ".join(f"{number:,} {what}" for what, number in sorted(asked.items()))
