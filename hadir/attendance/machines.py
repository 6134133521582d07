"""What the kiosks and terminals of schools said: up to when they are heard, whom they could know, what is nobody's."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hadir.attendance.shapes import Contact, Frame, Key, PackUse, PinSpan, Place, Span, Standing
from hadir.core.clock import day_bounds
from hadir.devices.hearing import Hearing, complete_until
from hadir.devices.models import DeviceKind
from hadir.enrolment.known import FaceSpan
from hadir.rules.facts import Provenance, Scan
from hadir.schools.models import School

PACK_MEMORY = timedelta(days=40)
"""How far back the packs that kiosks used are looked for."""


@dataclass(frozen=True, slots=True)
class Machines:
    """The kiosks and terminals of some schools over some dates.

    `kiosks`: by school, terminals too. `recorded`: by device and date its first record. `pins`, `faces`: by person.
    `packs`: by school, oldest first. `strays`: by terminal and date the first record of a PIN that is nobody's;
    `doubted_strays`: the same of records with a doubted clock, by when they came.
    """

    kiosks: Mapping[Key, Sequence[Hearing]]
    recorded: Mapping[tuple[Key, date], datetime]
    pins: Mapping[Key, Sequence[PinSpan]]
    faces: Mapping[Key, Sequence[FaceSpan]]
    packs: Mapping[Key, Sequence[PackUse]]
    pack_now: str | None
    strays: Mapping[tuple[Key, date], datetime]
    doubted_strays: Mapping[tuple[Key, date], datetime]

    def since(self, school: Key) -> datetime | None:
        """Return since when a school uses Hadir: its first kiosk linked or terminal claimed."""
        return min((kiosk.since for kiosk in self.kiosks.get(school, ())), default=None)

    def heard(self, standing: Standing, frame: Frame, proving: frozenset[Key]) -> tuple[datetime | None, bool]:
        """Return up to when all schools of the person are heard (what lies after the window says nothing more), and
        whether nothing more comes by itself. `proving`: those whose devices must have shown that they worked; of the
        others it is enough that what they recorded has come."""
        found = frame.heard.get((standing.together, proving))
        if found is None and frame.window is not None and frame.closes is not None:
            moments = [
                self._school_heard(key, frame.window, frame.dates) if key in proving else self._sent(key, frame.window)
                for key in standing.together
            ]
            known = [moment for moment in moments if moment is not None]
            heard = min(frame.closes, *known) if len(known) == len(moments) else None
            silent = complete_until(self._kiosks(standing), *frame.window) if heard is None else None
            found = heard, silent is not None and silent >= frame.closes
            frame.heard[standing.together, proving] = found
        return found or (None, False)

    def _kiosks(self, standing: Standing) -> list[Hearing]:
        return [kiosk for key in standing.schools for kiosk in self.kiosks.get(key, ())]

    def _school_heard(self, school: Key, window: Span, dates: Sequence[date]) -> datetime | None:
        """Return up to when a school is heard; None also where a device of it showed no sign of life all window long.

        A kiosk that was dead that day and says later that nothing is unsent has not seen who was there: such a day
        waits for a named person. Beside a device that works, a terminal that was heard is taken to work. `dates`: those
        of the shift.
        """
        used = [one for one in self.kiosks.get(school, ()) if one.used_in(*window)]
        works = any(self._awake(one, window, dates) for one in used)
        awake = works and all(self._awake(one, window, dates) or _spoke(one, window) for one in used)
        return complete_until(used, *window) if awake else None

    def _sent(self, school: Key, window: Span) -> datetime | None:
        """Return up to when the devices of a school have handed in everything; a school without any has nothing."""
        used = [one for one in self.kiosks.get(school, ()) if one.used_in(*window)]
        return complete_until(used, *window) if used else window[1]

    def _awake(self, device: Hearing, window: Span, dates: Sequence[date]) -> bool:
        """Tell whether a kiosk recorded anything on the window's dates or spoke to the server in it, or a terminal
        recorded something on each date of the shift; nothing after the window counts, for it comes when the day has
        been judged.

        A terminal that speaks may be set so that it sends no records; only a record shows that it works, and one of the
        evening does not show it for the morning after a night.
        """
        if device.is_terminal:
            return all(self._recorded(device, day, window) for day in dates)
        if any(self._recorded(device, day, window) for day in {window[0].date(), window[1].date()}):
            return True
        return any(first <= window[1] and last >= window[0] for first, last in device.heard)

    def _recorded(self, device: Hearing, day: date, window: Span) -> bool:
        first = self.recorded.get((device.device, day))
        return first is not None and first <= window[1]

    def known(self, person: Key, place: Place, standing: Standing, frame: Frame) -> bool:
        """Tell whether the devices of the school could know her for the whole shift.

        Every kiosk in use at the school must have spoken to the server after her face became active and her assignment
        began, and before the scan window opened, for she may stand before any of them, also beside a terminal that
        knows her; and her face must be of a pack that the school's kiosks were using. Where there are terminals only,
        one of them must have recorded her under her PIN before the window opened.
        """
        if frame.window is None or frame.opens is None or frame.closes is None:
            return True
        contacts = standing.contacts.get(place.school.pk)
        if contacts is None:
            contacts = standing.contacts[place.school.pk] = self._contacts(person, place.school, standing)
        if frame.packs is None:
            frame.packs = self._packs_on(place.school.pk, frame.window[0].date(), frame.window[1].date())
        ends = frame.closes - place.rules.window.after
        knowing = {
            one.kiosk.device
            for one in contacts
            if one.at <= frame.opens
            and (not frame.packs or not one.pack or one.pack in frame.packs)
            and (one.until is None or one.until >= ends)
            and one.kiosk.used_in(frame.opens, frame.closes)
        }
        used = [one for one in self.kiosks.get(place.school.pk, ()) if one.used_in(frame.opens, frame.closes)]
        kiosks = [one.device in knowing for one in used if not one.is_terminal]
        return all(kiosks) if kiosks else any(one.device in knowing for one in used)

    def _contacts(self, person: Key, school: School, standing: Standing) -> list[Contact]:
        joined = day_bounds(max(one.valid_from for one in standing.held), school.time_zone)[0]
        kiosks = self.kiosks.get(school.pk, ())
        found = []
        for face in self.faces.get(person, ()):
            for kiosk in kiosks:
                at = None if kiosk.is_terminal else kiosk.contact_after(max(face.since, joined, kiosk.since))
                if at is not None:
                    found.append(Contact(at, kiosk, face.pack, face.until))
        for pin in self.pins.get(person, ()):
            if pin.recorded is not None:
                until = day_bounds(pin.last, school.time_zone)[1] if pin.last else None
                found += [Contact(pin.recorded, one, "", until) for one in kiosks if one.device == pin.device]
        return found

    def _packs_on(self, school: Key, first: date, last: date) -> Collection[str]:
        """Return the packs that the kiosks of a school used: on these dates, else the last before, else today's."""
        uses = self.packs.get(school, ())
        during = {use.pack for use in uses if first <= use.day <= last}
        if during:
            return during
        before = [use for use in uses if first - PACK_MEMORY < use.day < first]
        if before:
            return {before[-1].pack}
        return {self.pack_now} if self.pack_now else set()

    def strays_on(self, person: Key, frame: Frame, standing: Standing) -> tuple[Scan, ...]:
        """Return what terminals of her schools recorded on the dates of a shift of PINs that are nobody's, where she
        has none. A record of a sure moment after the window cannot be hers of this shift: it is no fact of it."""
        found = [
            self._stray(one.device, day, frame.closes)
            for day in frame.dates
            for one in self._kiosks(standing)
            if one.is_terminal and not self._has_pin(person, one.device, day)
        ]
        return tuple(Scan(moment, Provenance.TERMINAL) for moment in found if moment is not None)

    def _stray(self, device: Key, day: date, closes: datetime | None) -> datetime | None:
        sure = self.strays.get((device, day))
        if sure is not None and (closes is None or sure <= closes):
            return sure
        return self.doubted_strays.get((device, day))

    def _has_pin(self, person: Key, device: Key, day: date) -> bool:
        return any(
            pin.device == device and pin.first <= day and (pin.last is None or pin.last >= day)
            for pin in self.pins.get(person, ())
        )


def _spoke(device: Hearing, window: Span) -> bool:
    """Tell whether a terminal was heard in the window, or is one whose files come later."""
    if device.kind == DeviceKind.FILE:
        return True
    return device.is_terminal and any(first <= window[1] and last >= window[0] for first, last in device.heard)
