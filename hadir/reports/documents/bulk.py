"""The rekaps of many schools as files in a folder: two processes, and what is there already is not made again."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import django
from django.db import connections

from hadir.core.errors import HadirError
from hadir.reports.documents.layout import office_layout
from hadir.reports.documents.rekap_pdf import rekap_pdf
from hadir.reports.documents.rekap_xlsx import rekap_xlsx
from hadir.reports.documents.sources import rekap_for, with_places
from hadir.schools.models import School


@dataclass(frozen=True, slots=True)
class Task:
    """One file to be made."""

    npsn: str
    year: int
    month: int
    form: str
    folder: Path

    @property
    def path(self) -> Path:
        """Where it will be."""
        return self.folder / f"rekap-{self.npsn}-{self.year}-{self.month:02}.{self.form}"


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a task: `error` is the code and sentence of a refusal, empty when the file is there."""

    npsn: str
    error: str


def rekap_file(school: School, year: int, month: int, form: str, *, now: datetime) -> bytes:
    """Return a school's rekap (loaded by `with_places`) as `xlsx` or `pdf`.

    Raises HadirError `month_empty`, `layout_unusable`, `rule_pack_unusable`, `document_failed`.
    """
    layout = office_layout()
    rekap, sheet = rekap_for(school, year, month, layout, now=now)
    if form == "pdf":
        return rekap_pdf(rekap, layout, now=now)
    return rekap_xlsx(rekap, sheet, layout, now=now)


def make(task: Task, *, now: datetime) -> Made:
    """Make one file; it appears under its name only when it is whole."""
    school = with_places(School.objects.filter(npsn=task.npsn)).get()
    try:
        content = rekap_file(school, task.year, task.month, task.form, now=now)
    except HadirError as error:
        return Made(task.npsn, f"{error.code}: {error.message}")
    draft = task.path.with_suffix(".part")
    draft.write_bytes(content)
    draft.replace(task.path)
    return Made(task.npsn, "")


def make_all(tasks: Sequence[Task], *, now: datetime, processes: int = 2) -> Iterator[Made]:
    """Make files that are not there yet and yield what became of each, in no certain order of time."""
    if processes < 2 or len(tasks) < 2:
        yield from (make(task, now=now) for task in tasks)
        return
    # A child begins anew: it shares neither a connection to the database nor the typesetter's threads.
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=django.setup) as pool:
        yield from pool.map(partial(make, now=now), tasks, chunksize=4)
