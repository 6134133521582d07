"""The words of the top bar: only pages that exist, and only those that this login may open."""

import uuid
from dataclasses import dataclass, field

from django import template
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from hadir.accounts.access import ALLOWED, Action
from hadir.accounts.models import SCHOOL_KINDS, Role, RoleKind, User
from hadir.core import clock
from hadir.core.clock import local_date
from hadir.enrolment.queries import reviews_for
from hadir.leave.deciding import decidable_by
from hadir.months.queries_region import due_for

register = template.Library()


@dataclass(frozen=True, slots=True)
class Item:
    """One word of the bar; `waiting` is work for this very login."""

    word: str
    icon: str
    url: str
    current: bool
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Navigation:
    """The bar of one page: words, and who is logged in as what."""

    items: list[Item] = field(default_factory=list)
    role: str = ""
    initials: str = ""


PARTS: dict[str, tuple[str, ...]] = {
    "own": ("person", "person-day"),
    "account": ("account",),
    "leave": (
        *("leave", "leave-new", "leave-request", "leave-document"),
        *("incidents", "incident", "incident-new", "incident-proposals", "incident-document"),
    ),
    "corrections": ("corrections", "correction-new"),
    "today": ("today", "board", "board-complete", "clock-reviews", "clock-review"),
    "people": (
        *("people", "person", "person-day", "person-add", "enrol", "enrol-delete", "reviews", "review"),
        *("import", "import-schools", "import-batch"),
    ),
    "months": ("months", "month", "month-check", "month-sign", "month-reopen", "reports"),
    "devices": (
        *("devices", "device", "device-add", "device-invite", "device-revoke"),
        *("terminal", "terminal-add", "terminal-claim", "terminal-install", "terminal-pins", "terminal-clock"),
        *("terminal-commands", "terminal-register", "terminals-register", "terminal-revoke", "agent-keys"),
        *("scan-files", "scan-file"),
    ),
}
"""The part of the house that a page belongs to, by the names of its addresses."""


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> Navigation:
    """Return the bar for the login of this request, in a handful of queries."""
    request = context.get("request")
    if not isinstance(request, HttpRequest) or not isinstance(request.user, User):
        return Navigation()
    user = request.user
    roles = list(Role.objects.filter(user=user).select_related("school", "district", "region"))
    allowed = frozenset[Action]().union(*(ALLOWED[RoleKind(role.kind)] for role in roles))
    here = request.resolver_match.url_name if request.resolver_match else ""
    items = _items(user, roles, allowed, here or "")
    return Navigation(items=items, role=_role_line(roles), initials=_initials(user.display_name))


def _items(user: User, roles: list[Role], allowed: frozenset[Action], here: str) -> list[Item]:
    items = []
    if Action.VIEW_BOARD in allowed:
        places = [role for role in roles if Action.VIEW_BOARD in ALLOWED[RoleKind(role.kind)]]
        one_school = len({role.school_id for role in places}) == 1 and places[0].school_id is not None
        word, icon = (_("Hari ini"), "home") if one_school else (_("Wilayah"), "map-2")
        items.append(Item(word, icon, reverse("today"), here in PARTS["today"]))
        if not one_school:
            items.append(Item(_("Belum terdengar"), "cloud-off", reverse("silent"), here == "silent"))
        # Who enrolled a face may not judge it, so it does not wait for them.
        reviews = reviews_for(user).exclude(enrolment__started_by=user)
        waiting = reviews.count() if Action.REVIEW_FACES in allowed else 0
        items.append(Item(_("Orang"), "users", reverse("people"), here in PARTS["people"], waiting))
        here_too = here in PARTS["leave"] or here in PARTS["corrections"]
        items.append(Item(_("Izin & dinas"), "file-text", reverse("leave"), here_too, decidable_by(user).count()))
        items.append(Item(_("Bulan"), "calendar", reverse("months"), here in PARTS["months"], _months_to_sign(places)))
    elif user.person_id is not None:
        return _own_items(user.person_id, here)
    if Action.VIEW_BOARD in allowed or Action.MANAGE_DEVICES in allowed:
        items.append(Item(_("Perangkat"), "device-tablet", reverse("devices"), here in PARTS["devices"]))
    return items


def _months_to_sign(places: list[Role]) -> int:
    """Return how many months wait for the head of the only school; several schools have their own page for it."""
    school = places[0].school
    if school is None or {role.school_id for role in places} != {school.pk}:
        return 0
    if not any(Action.SIGN_MONTH in ALLOWED[RoleKind(role.kind)] for role in places):
        return 0
    return len(due_for(school, local_date(clock.now(), school.time_zone)))


def _own_items(person: uuid.UUID, here: str) -> list[Item]:
    """Return the bar of somebody who sees nobody but themselves."""
    return [
        Item(_("Catatan saya"), "calendar", reverse("person", args=[person]), here in PARTS["own"]),
        *_item(_("Izin & dinas"), "file-text", "leave", here in PARTS["leave"]),
        *_item(_("Koreksi"), "history", "corrections", here in PARTS["corrections"]),
        *_item(_("Akun"), "user", "account", here in PARTS["account"]),
    ]


def _item(word: str, icon: str, name: str, current: bool) -> list[Item]:
    """Return the item, or nothing where this Hadir has no such page."""
    try:
        return [Item(word, icon, reverse(name), current)]
    except NoReverseMatch:
        return []


def _role_line(roles: list[Role]) -> str:
    """Return "Operator sekolah, SDN Pagerungan Kecil 3"; with several roles the first, and how many more."""
    if not roles:
        return ""
    first = min(roles, key=lambda role: role.kind in SCHOOL_KINDS)
    place = first.school or first.district or first.region
    if first.kind == RoleKind.DINAS:
        return f"{place}{_more(roles)}"
    return f"{first.get_kind_display()}, {place}{_more(roles)}"


def _more(roles: list[Role]) -> str:
    return _(" dan %(number)s peran lain") % {"number": len(roles) - 1} if len(roles) > 1 else ""


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[:1].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
