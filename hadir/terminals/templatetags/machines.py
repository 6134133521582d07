"""How pages write what machines tell: clocks, flags, verify modes, prices."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

register = template.Library()

GOOD_WITHIN = 5
"""Seconds of difference that nobody needs to read."""

FLAGS: Mapping[str, Any] = {
    "clock_absurd": gettext_lazy("jam tidak masuk akal"),
    "clock_off": gettext_lazy("jam meleset"),
    "clock_ahead": gettext_lazy("jam mendahului"),
    "old_replay": gettext_lazy("kiriman lama"),
    "device_revoked": gettext_lazy("mesin dinonaktifkan"),
}
"""Flags of a terminal's record as people read them."""

MODES: Mapping[str, Any] = {
    "1": gettext_lazy("sidik jari"),
    "3": gettext_lazy("kata sandi"),
    "4": gettext_lazy("kartu"),
    "15": gettext_lazy("wajah"),
    "5/1": gettext_lazy("kartu"),
    "5/38": gettext_lazy("sidik jari"),
    "5/75": gettext_lazy("wajah"),
}
"""The verify modes that mean the same on every machine seen."""


@register.filter
def amount(seconds: int | None) -> str:
    """Return how far a clock is off, without its direction: "2 menit", "40 detik", "1 jam 5 menit", "9.724 hari"."""
    if seconds is None:
        return "\N{EN DASH}"
    size = abs(seconds)
    if size < 60:
        return _("%(number)s detik") % {"number": size}
    if size < 3600:
        return _minutes(size // 60)
    if size < 86400:
        hours, rest = divmod(size // 60, 60)
        text = ngettext("%(number)s jam", "%(number)s jam", hours) % {"number": hours}
        return f"{text} {_minutes(rest)}" if rest else text
    days = size // 86400
    return ngettext("%(number)s hari", "%(number)s hari", days) % {"number": thousands(days)}


def _minutes(number: int) -> str:
    return ngettext("%(number)s menit", "%(number)s menit", number) % {"number": number}


@register.filter
def direction(seconds: int | None) -> str:
    """Return in which direction a clock is off."""
    if seconds is None:
        return _("belum diukur")
    if abs(seconds) < GOOD_WITHIN:
        return _("jam mesin tepat")
    return _("jam mesin lebih cepat") if seconds > 0 else _("jam mesin lebih lambat")


@register.filter
def thousands(number: int | None) -> str:
    """Return a number with points between thousands, "2.900.000"; nothing for None."""
    return "" if number is None else f"{number:,}".replace(",", pgettext("between thousands", "."))


@register.filter
def machine_time(written: str) -> str:
    """Return a machine's own time as people here write it, "1 Jan 2000 00.05.00"; what is no time stays as it is."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return written
    return f"{date_format(moment, 'j M Y')} {moment:%H.%M.%S}"


@register.filter
def flag_words(flags: Sequence[str]) -> str:
    """Return flags in words, with commas."""
    return ", ".join(str(FLAGS.get(flag, flag)) for flag in flags)


@register.filter
def mode_word(verify: str) -> str:
    """Return a verify mode in words where it is sure, else as the machine writes it."""
    return str(MODES.get(verify, verify))
