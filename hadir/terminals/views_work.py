"""Work on one machine: whose PIN is whose, what time a record was really made, what the machine is told."""

import uuid
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from hadir.accounts.models import User
from hadir.core import clock
from hadir.core.clock import local_date
from hadir.core.errors import HadirError
from hadir.devices.models import DeviceKind, PinMapping, Terminal
from hadir.devices.queries import schools_of
from hadir.devices.queries_terminal import mappings_of
from hadir.ledger.mapping import end_mapping, map_pin, remove_mapping
from hadir.ledger.queries_terminal import DoubtedPunch, doubted_punches
from hadir.ledger.services_terminal import confirm_time
from hadir.people.models import Person
from hadir.people.queries import assignments_on
from hadir.terminals.access import get_terminal_or_404
from hadir.terminals.commands import Draft, cancel_command, draft_command, queue_command
from hadir.terminals.door import release_quarantine
from hadir.terminals.forms import CommandForm, MapForm
from hadir.terminals.models import Command
from hadir.terminals.queries import commands_of
from hadir.terminals.suggestions import suggest
from hadir.terminals.words import REASONS

MOST_DOUBTED = 200


def _zone(terminal: Terminal) -> str:
    return schools_of(terminal.device)[0].time_zone


def _people(terminal: Terminal, now: datetime) -> QuerySet[Person]:
    """Return who is assigned today to a school of the machine, by name."""
    today = local_date(now, _zone(terminal))
    held = assignments_on(today).filter(school__in=[school.pk for school in schools_of(terminal.device)])
    return Person.objects.filter(pk__in=held.values("person")).order_by("name", "id")


@login_required
@require_http_methods(["GET", "POST"])
def terminal_pins(request: HttpRequest, terminal_id: uuid.UUID) -> HttpResponse:
    """Give PINs their people: suggestions that a person confirms, one by one; and those that have theirs."""
    terminal = get_terminal_or_404(request.user, terminal_id, manage=True)
    now = clock.now()
    if request.method == "POST" and isinstance(request.user, User):
        try:
            _change_pins(request, terminal, request.user, now)
        except HadirError as error:
            messages.warning(request, error.message)
        return redirect("terminal-pins", terminal.pk)
    today = local_date(now, _zone(terminal))
    found = [
        (one, [(who.person, REASONS[who.reason]) for who in one.candidates])
        for one in suggest(terminal.device, today=today)
    ]
    context = {
        "terminal": terminal,
        "suggestions": found,
        "mappings": mappings_of(devices=[terminal.pk]).order_by("pin", "-valid_from"),
        "people": _people(terminal, now),
        "today": today,
    }
    return render(request, "terminals/pins.html", context)


def _change_pins(request: HttpRequest, terminal: Terminal, by: User, now: datetime) -> None:
    """Do what the form asks: confirm, end or take back. Raises HadirError of `terminals.mapping`."""
    if "pin" in request.POST:
        form = MapForm(request.POST, people=_people(terminal, now))
        if not form.is_valid():
            raise HadirError("person_unknown")
        made = map_pin(
            device=terminal.device,
            pin=form.cleaned_data["pin"],
            person=form.cleaned_data["person"],
            valid_from=form.cleaned_data["valid_from"],
            by=by,
            now=now,
        )
        messages.success(request, _("PIN %(pin)s milik %(name)s.") % {"pin": made.pin, "name": made.person.name})
        return
    mapping = _mapping(terminal, request.POST.get("mapping", ""))
    if "remove" in request.POST:
        remove_mapping(mapping=mapping, by=by, now=now)
        messages.success(request, _("PIN %(pin)s tidak bernama lagi. Catatannya menunggu.") % {"pin": mapping.pin})
    else:
        end_mapping(mapping=mapping, last=local_date(now, _zone(terminal)), by=by, now=now)
        messages.success(request, _("PIN %(pin)s berakhir hari ini.") % {"pin": mapping.pin})


def _mapping(terminal: Terminal, key: str) -> PinMapping:
    try:
        found = PinMapping.objects.select_related("person").filter(device=terminal.device, pk=uuid.UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "POST"])
def terminal_clock(request: HttpRequest, terminal_id: uuid.UUID) -> HttpResponse:
    """Show records whose clock is doubted with the proposed time; a person accepts or rejects, with a reason."""
    terminal = get_terminal_or_404(request.user, terminal_id, manage=True)
    waiting = list(doubted_punches([terminal.pk]))
    if request.method == "POST" and isinstance(request.user, User):
        try:
            done = _decide(request, terminal, waiting, request.user)
        except HadirError as error:
            messages.warning(request, error.message)
        else:
            text = ngettext("%(count)d catatan diputuskan.", "%(count)d catatan diputuskan.", done)
            messages.success(request, text % {"count": done})
        return redirect("terminal-clock", terminal.pk)
    shown = waiting[:MOST_DOUBTED]
    context = {
        "terminal": terminal,
        "waiting": shown,
        "more": len(waiting) - len(shown),
    }
    return render(request, "terminals/clock.html", context)


@transaction.atomic
def _decide(request: HttpRequest, terminal: Terminal, waiting: list[DoubtedPunch], by: User) -> int:
    """Decide on the records that were ticked: the proposed time, one that was typed, or that it cannot be known."""
    chosen = set(request.POST.getlist("scan"))
    reason, now = request.POST.get("reason", ""), clock.now()
    typed = _typed_time(request.POST.get("at", ""), _zone(terminal))
    if not chosen:
        raise HadirError("nothing_chosen")
    done = 0
    for one in waiting:
        if str(one.scan.pk) not in chosen:
            continue
        at = None if "reject" in request.POST else typed or one.proposed
        if at is None and "reject" not in request.POST:
            raise HadirError("time_missing")
        confirm_time(scan=one.scan, at=at, reason=reason, by=by, now=now)
        done += 1
    return done


def _typed_time(text: str, zone: str) -> datetime | None:
    try:
        return clock.typed_moment(datetime.fromisoformat(text), zone) if text else None
    except ValueError:
        raise HadirError("time_missing") from None


@login_required
@require_POST
def terminal_release(request: HttpRequest, terminal_id: uuid.UUID) -> HttpResponse:
    """Take in what came in a machine's name without its secret, because a person answers for it with a reason."""
    terminal = get_terminal_or_404(request.user, terminal_id, manage=True)
    if isinstance(request.user, User):
        try:
            stored, known, bad = release_quarantine(
                terminal=terminal, reason=request.POST.get("reason", ""), by=request.user, now=clock.now()
            )
        except HadirError as error:
            messages.warning(request, error.message)
        else:
            values = {"stored": stored, "known": known, "bad": bad}
            text = _("%(stored)s catatan masuk, %(known)s sudah ada, %(bad)s tidak terbaca.")
            messages.success(request, text % values)
    return redirect("terminal", terminal.pk)


@login_required
@require_http_methods(["GET", "POST"])
def terminal_commands(request: HttpRequest, terminal_id: uuid.UUID) -> HttpResponse:
    """Draft a command and show exactly what would be sent; queue it only when a person has seen that."""
    terminal = get_terminal_or_404(request.user, terminal_id, manage=True)
    if terminal.device.kind != DeviceKind.ZKTECO:
        raise Http404
    now = clock.now()
    people = _people(terminal, now)
    if request.method == "POST" and "cancel" in request.POST and isinstance(request.user, User):
        _cancel(request, terminal, request.user, now)
        return redirect("terminal-commands", terminal.pk)
    given = request.POST if request.method == "POST" else request.GET if "kind" in request.GET else None
    form = CommandForm(given, people=people)
    draft = _draft(form, terminal) if form.is_bound else None
    if request.method == "POST" and draft is not None and isinstance(request.user, User):
        queue_command(draft=draft, by=request.user, now=now)
        messages.success(request, _("Perintah menunggu mesin memanggil, biasanya dalam setengah menit."))
        return redirect("terminal-commands", terminal.pk)
    context = {"terminal": terminal, "form": form, "draft": draft, "commands": commands_of(terminal), "now": now}
    return render(request, "terminals/commands.html", context, status=422 if form.errors else 200)


def _draft(form: CommandForm, terminal: Terminal) -> Draft | None:
    if not form.is_valid():
        return None
    first, last = form.span()
    try:
        return draft_command(
            terminal=terminal,
            kind=form.cleaned_data["kind"],
            first=first,
            last=last,
            pin=form.cleaned_data["pin"],
            person=form.cleaned_data["person"],
        )
    except HadirError as error:
        form.add_error("kind", error.message)
        return None


def _cancel(request: HttpRequest, terminal: Terminal, by: User, now: datetime) -> None:
    number = request.POST.get("cancel", "")
    command = Command.objects.filter(device=terminal.device, pk=int(number)).first() if number.isdecimal() else None
    if command is None:
        raise Http404
    try:
        cancel_command(command=command, by=by, now=now)
    except HadirError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Perintah dibatalkan."))
