"""The queue of commands: drafted and shown first, sent when the terminal polls, ended when it acknowledges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hadir.accounts.models import User
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.devices.models import DeviceKind, PinMapping, Terminal
from hadir.devices.queries import schools_of
from hadir.ledger.models import TerminalScan
from hadir.ledger.queries_terminal import count_records
from hadir.people.models import Person
from hadir.terminals import orders
from hadir.terminals.intake import raise_alerts
from hadir.terminals.models import AlertKind, Command, CommandKind, KnownUser
from hadir.terminals.reading import Noticed

AGAIN_AFTER = timedelta(minutes=10)
MOST_TIMES = 6
MOST_AT_ONCE = 20
LONGEST_SPAN = timedelta(days=400)
WITH_NAMES = (CommandKind.ADD_PERSON, CommandKind.REMOVE_PERSON, CommandKind.USERS)
"""Commands that show who works at a school, or ask for it: only for terminals that use their secret."""
OF_ONE_PERSON = frozenset({CommandKind.ADD_PERSON, CommandKind.REMOVE_PERSON})
"""The newest of these settles a PIN: an older one that comes again would undo it."""
ACCESS_CONTROL_KINDS = OF_ONE_PERSON
NIGHT = (time(1), time(4))
NIGHT_SOMEWHERE = range(16, 21)
"""Hours of UTC in which it is night in one of the three time zones."""
RETURNS: Mapping[int, str] = {
    -1: "parameter salah atau tidak ada data",
    -2: "ukuran foto tidak cocok",
    -3: "gagal membaca atau menulis di mesin",
    -10: "PIN itu tidak ada di mesin",
    -1001: "mesin penuh",
    -1002: "perintah tidak dikenal mesin ini",
    -1003: "mesin tidak sempat menjawab",
    -1004: "mesin ini tidak mendukungnya",
    -1005: "mesin sibuk",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A command before it is queued: what exactly will be sent, and what a person should know first."""

    terminal: Terminal
    kind: CommandKind
    text: str
    person: Person | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
    warnings: Sequence[str] = ()

    @property
    def shown(self) -> str:
        """Return the text with visible field ends."""
        return self.text.replace("\t", " | ")


def draft_command(
    *,
    terminal: Terminal,
    kind: str,
    first: datetime | None = None,
    last: datetime | None = None,
    pin: str = "",
    person: Person | None = None,
) -> Draft:
    """Write a command without queuing it. `first` and `last`: local times; `pin`, `person`: whom it concerns.

    Raises HadirError `command_not_supported`, `command_limits`, `pin_taken`.
    """
    if terminal.device.kind != DeviceKind.ZKTECO or terminal.device.revoked_at is not None:
        raise HadirError("command_not_supported")
    wanted = CommandKind(kind)
    is_acc = terminal.protocol.startswith("acc")
    if is_acc and wanted not in ACCESS_CONTROL_KINDS:
        raise HadirError("command_not_supported")
    if wanted in OF_ONE_PERSON:
        return _draft_person(terminal, wanted, pin, person, is_acc=is_acc)
    if wanted in {CommandKind.RESEND, CommandKind.RECONCILE}:
        if first is None or last is None or not timedelta(0) < last - first <= LONGEST_SPAN:
            raise HadirError(
                "command_limits", cause=_("tanggal mulai harus sebelum tanggal akhir, paling lama 400 hari")
            )
        write = orders.resend if wanted is CommandKind.RESEND else orders.reconcile
        span = {"first": f"{first:%Y-%m-%d %H:%M:%S}", "last": f"{last:%Y-%m-%d %H:%M:%S}"}
        return Draft(terminal=terminal, kind=wanted, text=write(first, last), detail=span)
    return Draft(terminal=terminal, kind=wanted, text=orders.PLAIN[wanted.value])


def _draft_person(terminal: Terminal, kind: CommandKind, pin: str, person: Person | None, *, is_acc: bool) -> Draft:
    if not pin or pin != orders.clean_value(pin) or len(pin) > 24:
        raise HadirError("command_limits", cause=_("PIN paling panjang 24 angka atau huruf, tanpa spasi di ujung"))
    warnings = []
    if kind is CommandKind.REMOVE_PERSON:
        text = orders.remove_person(pin, access_control=is_acc)
        warnings.append(_("Wajah dan sidik jari di mesin ikut terhapus. Catatan kehadiran tidak."))
    else:
        if person is None:
            raise HadirError("command_limits", cause=_("orangnya belum dipilih"))
        text = orders.add_person(pin, person.name, access_control=is_acc)
        warnings += _warnings_of_adding(terminal, pin, person)
    if terminal.secret_seen_at is None:
        warnings.append(_("Mesin ini belum memakai alamat rahasianya: perintah dengan nama orang menunggu sampai itu."))
    return Draft(terminal=terminal, kind=kind, text=text, person=person, detail={"pin": pin}, warnings=warnings)


def _warnings_of_adding(terminal: Terminal, pin: str, person: Person) -> list[str]:
    """Tell whom adding somebody may overwrite. Raises HadirError `pin_taken` where the PIN is another person's."""
    warnings = []
    holder = PinMapping.objects.filter(device=terminal.device, pin=pin, valid_to__isnull=True).first()
    if holder is not None and holder.person_id != person.pk:
        raise HadirError("pin_taken", pin=pin, name=holder.person.name)
    there = KnownUser.objects.filter(device=terminal.device, pin=pin).first()
    if there is not None:
        warnings.append(
            _("PIN %(pin)s sudah ada di mesin atas nama %(name)s: namanya diganti, kata sandi dan kartunya hilang.")
            % {"pin": pin, "name": there.name or "-"}
        )
    if holder is None and TerminalScan.objects.filter(device=terminal.device, pin=pin).exists():
        warnings.append(
            _("PIN %(pin)s sudah punya catatan di mesin ini, tetapi belum bernama: mungkin milik orang lain.")
            % {"pin": pin}
        )
    removals = _of_pin(terminal, pin).filter(kind=CommandKind.REMOVE_PERSON)
    if removals.filter(ended_at__isnull=True, sent_at__isnull=False).exists():
        warnings.append(
            _("Perintah menghapus PIN %(pin)s belum dijawab mesin: pastikan wajah dan sidik jari lama sudah hilang.")
            % {"pin": pin}
        )
    return warnings


def _of_pin(terminal: Terminal, pin: str) -> QuerySet[Command]:
    """Return the commands that add somebody under a PIN, or remove whoever has it."""
    return Command.objects.filter(device=terminal.device_id, kind__in=OF_ONE_PERSON, detail__pin=pin)


def _replaced() -> str:
    return _("diganti perintah yang lebih baru")


def _given_up() -> str:
    return _("mesin tidak menjawab")


@transaction.atomic
def queue_command(*, draft: Draft, by: User | None, now: datetime) -> Command:
    """Put a draft into the queue; the same one that still waits is not added twice.

    Adding or removing somebody ends what still waits for the same PIN, but for a removal before an addition that was
    never sent: the face of whoever had the PIN must not stay.
    """
    still_open = Command.objects.filter(device=draft.terminal.device, ended_at__isnull=True)
    waiting = still_open.filter(text=draft.text).first()
    if draft.kind in OF_ONE_PERSON:
        earlier = _of_pin(draft.terminal, draft.detail["pin"]).filter(ended_at__isnull=True)
        newest = earlier.order_by("id").last()
        waiting = newest if newest is not None and newest.text == draft.text else None
        if waiting is None:
            if draft.kind is CommandKind.ADD_PERSON:
                earlier = earlier.exclude(kind=CommandKind.REMOVE_PERSON, sent_at__isnull=True)
            earlier.update(ended_at=now, result=_replaced())
    if waiting is not None:
        return waiting
    made = Command.objects.create(
        device=draft.terminal.device,
        kind=draft.kind,
        text=draft.text,
        person=draft.person,
        detail=dict(draft.detail),
        made_at=now,
        made_by=by,
    )
    record_audit(
        actor=by,
        action="queue_command",
        object_kind="device",
        object_id=draft.terminal.device_id,
        now=now,
        detail={"command": made.pk, "kind": draft.kind.value, **draft.detail},
    )
    return made


@transaction.atomic
def cancel_command(*, command: Command, by: User | None, now: datetime) -> None:
    """End a command that was not acknowledged. Raises HadirError `command_unknown`."""
    open_ones = Command.objects.filter(pk=command.pk, ended_at__isnull=True)
    if open_ones.update(ended_at=now, result=_("dibatalkan")) != 1:
        raise HadirError("command_unknown")
    record_audit(
        actor=by,
        action="cancel_command",
        object_kind="device",
        object_id=command.device_id,
        now=now,
        detail={"command": command.pk},
    )


@transaction.atomic
def commands_to_send(*, terminal: Terminal, with_names: bool, now: datetime) -> list[tuple[int, str]]:
    """Return the commands that a terminal gets at this poll, and note that they were sent.

    Sent and acknowledged are two things: what is not acknowledged in ten minutes is sent again, six times at most, and
    never after a newer one for the same PIN.
    """
    due = Command.objects.filter(device=terminal.device_id, ended_at__isnull=True)
    due = due.filter(Q(sent_at__isnull=True) | Q(sent_at__lt=now - AGAIN_AFTER))
    if not with_names:
        due = due.exclude(kind__in=WITH_NAMES)
    found = list(due.order_by("id")[:MOST_AT_ONCE])
    settled = {one.pk for one in found if one.sent_at is not None and _is_settled(terminal, one)}
    tired = {one.pk for one in found if one.sent_times >= MOST_TIMES} - settled
    for ended, result in ((settled, _replaced()), (tired, _given_up())):
        if ended:
            Command.objects.filter(pk__in=ended).update(ended_at=now, result=result)
    sending = [one for one in found if one.pk not in settled | tired]
    if sending:
        Command.objects.filter(pk__in=[one.pk for one in sending]).update(sent_at=now, sent_times=F("sent_times") + 1)
    return [(one.pk, one.text) for one in sending]


def _is_settled(terminal: Terminal, command: Command) -> bool:
    """Tell whether a newer command for the same PIN was sent or will be."""
    if command.kind not in OF_ONE_PERSON:
        return False
    newer = _of_pin(terminal, command.detail["pin"]).filter(pk__gt=command.pk)
    return newer.filter(Q(sent_at__isnull=False) | Q(ended_at__isnull=True)).exists()


def has_commands(terminal: Terminal) -> bool:
    """Tell whether anything waits in the queue. One query, for the many polls in which nothing does."""
    return Command.objects.filter(device=terminal.device_id, ended_at__isnull=True).exists()


@transaction.atomic
def acknowledge(*, terminal: Terminal, number: str, code: int, values: Mapping[str, str], now: datetime) -> bool:
    """Note what a terminal says became of a command. False where it does not wait for the answer of one.

    It waits for one answer to what was sent. The first stands; what was cancelled or replaced stays so.
    """
    if not (number.isascii() and number.isdecimal() and len(number) < 16):
        return False
    asked = Command.objects.filter(device=terminal.device_id, sent_at__isnull=False, acknowledged_at__isnull=True)
    asked = asked.filter(Q(ended_at__isnull=True) | Q(result=_given_up()))
    command = asked.select_for_update().filter(pk=int(number)).first()
    if command is None:
        return False
    command.acknowledged_at, command.return_code = now, code
    command.ended_at = command.ended_at or now
    command.result = _("selesai") if code >= 0 else RETURNS.get(code, _("ditolak mesin (%(code)s)") % {"code": code})
    if command.kind == CommandKind.RECONCILE and code >= 0:
        command.result = _compare_counts(terminal, command, values, now)
    command.save(update_fields=["acknowledged_at", "return_code", "ended_at", "result"])
    return True


def _compare_counts(terminal: Terminal, command: Command, values: Mapping[str, str], now: datetime) -> str:
    """Compare a terminal's count of records with the ledger's; ask for the records again where it holds more."""
    told = next((value for key, value in values.items() if key.lower() == "attlogsum"), "")
    if not (told.isascii() and told.isdecimal()):
        return _("mesin tidak menyebut jumlah")
    first, last = command.detail["first"], command.detail["last"]
    here = count_records(terminal.device_id, first, last)
    if int(told[:9]) == here:
        return ngettext("cocok: %(count)s catatan", "cocok: %(count)s catatan", here) % {"count": here}
    text = _("di mesin %(there)s, di server %(here)s") % {"there": told[:9], "here": here}
    alert = Noticed(AlertKind.COUNT_DIFFERS, f"{first} - {last}", text)
    raise_alerts(device=terminal.device, noticed=[alert], now=now)
    if int(told[:9]) > here:
        moments = [datetime.fromisoformat(moment) for moment in (first, last)]
        draft = draft_command(terminal=terminal, kind=CommandKind.RESEND, first=moments[0], last=moments[1])
        queue_command(draft=draft, by=None, now=now)
    return text


def queue_nightly(*, terminal: Terminal, now: datetime) -> bool:
    """Once a night, at a poll between one and four, ask a terminal how many records of yesterday it holds.

    Not where it has answered that it cannot, and not of a day before it came to Hadir: what it kept from then may still
    be on its way. Tells whether a command was queued.
    """
    if now.astimezone(UTC).hour not in NIGHT_SOMEWHERE or terminal.protocol.startswith("acc"):
        return False
    schools = schools_of(terminal.device)
    local = now.astimezone(ZoneInfo(schools[0].time_zone)) if schools else now
    if not NIGHT[0] <= local.time() < NIGHT[1]:
        return False
    yesterday = local.replace(tzinfo=None) - timedelta(days=1)
    first = yesterday.replace(hour=0, minute=0, second=0, microsecond=0)
    since = (terminal.claimed_at or terminal.device.created_at).astimezone(local.tzinfo)
    if since.date() > first.date():
        return False
    asked = Command.objects.filter(device=terminal.device_id, kind=CommandKind.RECONCILE)
    if asked.filter(detail__first=f"{first:%Y-%m-%d %H:%M:%S}").exists():
        return False
    if asked.filter(return_code__in=(-1002, -1004)).exists():
        return False
    draft = draft_command(
        terminal=terminal, kind=CommandKind.RECONCILE, first=first, last=first + timedelta(days=1, seconds=-1)
    )
    queue_command(draft=draft, by=None, now=now)
    return True
