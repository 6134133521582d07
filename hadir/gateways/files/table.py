"""A table of attendance records, whatever program wrote it: rows and named columns in, records out. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from hadir.core.tables.cells import Cell, names_nobody, text_of
from hadir.core.tables.sheets import Table
from hadir.gateways.files.attlog import bad_line, doubt_of, is_pin
from hadir.gateways.files.columns import (
    MOST_COLUMNS,
    Columns,
    Headings,
    find_headings,
    guess_columns,
    has_times,
    name_headings,
)
from hadir.gateways.files.stamps import (
    SEVERAL,
    DateDoubt,
    Moment,
    Order,
    may_begin_with_year,
    may_go_on,
    order_of,
    read_clock,
    read_day,
    read_moment,
)
from hadir.gateways.files.told import BadLine, GoodLine, Layout, Reason, Reported, Told
from hadir.ledger.punch import Punch

SAMPLE_ROWS = 8
MOST_NAMES = 5000
NOTHING = frozenset({"", "-", "--", "libur", "off"})
"""What a report writes where there was no scan."""
MIDNIGHT = time(0, 0)
"""Some write this there, in any of its forms."""
_AMBIGUOUS = re.compile(r"(?:0?[1-9]|1[0-2])[-/. ](?:0?[1-9]|1[0-2])[-/. ][0-9]{2,4}(?:[ T].*)?")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sheets of a workbook that are one list, and the headings that they share; `others` are not read."""

    tables: Sequence[Table]
    headings: Headings | None
    others: Sequence[Table] = ()


def choose_tables(tables: Sequence[Table], is_remembered: Callable[[str], bool] = lambda _signature: False) -> Chosen:
    """Return the sheets to read: the first one whose headings tell enough, and all with the same headings.

    They tell enough where a person once named them (`is_remembered`, by their signature) or where they name our
    columns. Where none does, a sheet with times comes before one without: first one that names some of our columns,
    else the longest, with the headings that it seems to have.
    """
    found = [find_headings(table.rows) or name_headings(table.rows) for table in tables]
    place = next(
        (
            place
            for place, headings in enumerate(found)
            if headings is not None and (is_remembered(headings.signature) or guess_columns(headings) is not None)
        ),
        None,
    )
    place = _likeliest(tables) if place is None else place
    headings = found[place]
    same = [
        other == place or (headings is not None and each is not None and each.signature == headings.signature)
        for other, each in enumerate(found)
    ]
    return Chosen(
        [table for table, is_same in zip(tables, same, strict=True) if is_same],
        headings,
        [table for table, is_same in zip(tables, same, strict=True) if not is_same],
    )


def _likeliest(tables: Sequence[Table]) -> int:
    timed = [place for place, table in enumerate(tables) if has_times(table.rows)] or range(len(tables))
    named = (place for place in timed if find_headings(tables[place].rows) is not None)
    return next(named, max(timed, key=lambda place: len(tables[place].rows)))


def read_rows(
    chosen: Chosen,
    *,
    latest: datetime,
    columns: Columns | None,
    order: Order | None,
    unterminated: bool = False,
) -> Told:
    """Return the records of a table, or of several sheets with the same headings as one list.

    `columns`: as a person named them or a vendor's profile knows them, else they are read from the headings. `order`:
    a person's answer to an earlier question. What is not known is asked (`ask_columns`, `ask_order`), never guessed.
    `unterminated`: the text ends in the middle of a line, so its last cell may be half a number, a date or a time.
    """
    table, headings = chosen.tables[0], chosen.headings
    columns = columns or (guess_columns(headings) if headings else None)
    begun = headings.row + 1 if headings else 0
    sample = tuple(
        tuple(text_of(cell)[:40] for cell in row[:MOST_COLUMNS]) for row in table.rows[begun : begun + SAMPLE_ROWS]
    )
    texts = headings.texts if headings else ()
    signature = headings.signature if headings else ""
    asked = Told(
        layout=Layout.TABLE,
        ask_columns=True,
        headings=texts,
        begun=begun,
        signature=signature,
        sample=sample,
        other_sheets=tuple(other.name[:40] for other in chosen.others),
    )
    if columns is None:
        return asked
    rows = _Rows(chosen.tables, columns, latest, unterminated=unterminated)
    found = order or rows.order()
    ask = found if isinstance(found, DateDoubt) else None
    if isinstance(found, Order):
        rows.read(found)
    return replace(
        asked,
        layout=Layout.REPORT if columns.processed else Layout.TABLE,
        ask_columns=False,
        good=rows.good,
        bad=rows.bad,
        reported=rows.reported,
        columns=columns,
        order=None if isinstance(found, DateDoubt) else found,
        ask_order=ask,
        names=rows.names,
        swapped=rows.swapped,
        short_years=rows.years_may_begin(),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A row below the headings. `sheet`: whose it is, empty where only one is read."""

    sheet: str
    number: int
    cells: Sequence[Cell]


class _Rows:
    """The rows of a table, or of several with the same headings, while they are read."""

    def __init__(self, tables: Sequence[Table], columns: Columns, latest: datetime, *, unterminated: bool) -> None:
        self.columns, self.latest = columns, latest
        self.rows = list(_below_headings(tables, columns.headings))
        last = tables[0].rows[columns.headings - 1] if 0 < columns.headings <= len(tables[0].rows) else None
        self.pin_heading = None if last is None else text_of(_cell(last, columns.pin))
        self.cut_row = len(self.rows) - 1 if unterminated else -1
        self.good: list[GoodLine] = []
        self.bad: list[BadLine] = []
        self.reported: list[Reported] = []
        self.names: dict[str, str] = {}
        self.midnight_is_nothing = columns.processed or self._fills_with_midnight()
        self.day_column = columns.stamp if columns.stamp is not None else columns.date
        self.swapped = self._is_swapped()

    def order(self) -> Order | DateDoubt:
        """Return the order of the whole column of dates; dotted times beside it tell too."""
        return order_of(self._day_texts(), this_year=self.latest.year)

    def years_may_begin(self) -> bool:
        """Tell whether dates of the column can be read with their year first."""
        return any(may_begin_with_year(text, self.latest.year) for text in self._day_texts())

    def _day_texts(self) -> Iterator[str]:
        beside = self.columns.times[0] if self.columns.stamp is None and self.columns.times else None
        for row in self.rows:
            cell = _cell(row.cells, self.day_column)
            if isinstance(cell, str) and cell:
                clock = _cell(row.cells, beside)
                yield f"{cell} {clock}" if isinstance(clock, str) and _is_one_clock(clock) else cell

    def _is_swapped(self) -> bool:
        """Tell a spreadsheet that read day-first text as month-first: every date that could be turned was, and only
        those that could not (a day above 12) are text still.
        """
        cells = [_cell(row.cells, self.day_column) for row in self.rows]
        turned = [cell for cell in cells if isinstance(cell, date)]
        texts = [cell for cell in cells if isinstance(cell, str) and order_of([cell]) is not Order.YEAR_FIRST]
        return (
            bool(turned)
            and bool(texts)
            and all(cell.day <= 12 for cell in turned)
            and not any(_AMBIGUOUS.fullmatch(text.strip()) for text in texts)
        )

    def read(self, order: Order) -> None:
        """Read every row below the headings."""
        for index, row in enumerate(self.rows):
            pin = text_of(_cell(row.cells, self.columns.pin))
            if not any(text_of(cell) for cell in row.cells) or pin == self.pin_heading:
                continue
            if index == self.cut_row and self._may_be_half(row.cells):
                self.bad.append(_bad(row, Reason.CUT))
                continue
            found = self._read_row(row, pin, order)
            if isinstance(found, BadLine):
                self.bad.append(found)
                continue
            self.good += found
            if self._doubts_midnight(row.cells, pin):
                self.bad.append(_bad(row, Reason.MIDNIGHT))
            name = text_of(_cell(row.cells, self.columns.name))
            if name and len(self.names) < MOST_NAMES and self._is_somebodys(row.cells, pin):
                self.names.setdefault(pin, name[:80])

    def _is_somebodys(self, row: Sequence[Cell], pin: str) -> bool:
        return is_pin(pin) and not names_nobody(_cell(row, self.columns.pin))

    def _may_be_half(self, row: Sequence[Cell]) -> bool:
        """Tell whether the last cell of a cut line is one whose half would be another person, date or time."""
        last = len(row) - 1
        if last in {self.columns.pin, self.columns.date}:
            return True
        if last != self.columns.stamp and last not in self.columns.times:
            return False
        others = [text_of(_cell(other.cells, last)) for other in self.rows[: self.cut_row]]
        return may_go_on(text_of(row[last]), others)

    def _read_row(self, row: _Row, pin: str, order: Order) -> BadLine | list[GoodLine]:
        if self.swapped and isinstance(_cell(row.cells, self.day_column), date):
            return _bad(row, Reason.SWAPPED)
        moments = self._moments(row.cells, order)
        if moments is None:
            return _bad(row, Reason.TIME)
        if moments and not self._is_somebodys(row.cells, pin):
            return _bad(row, Reason.PIN)
        for moment in moments:
            doubt = doubt_of(moment.at, self.latest)
            if doubt is not None:
                return _bad(row, doubt)
        if self.columns.processed:
            self._report(row.number, pin, row.cells, moments)
            return []
        state = text_of(_cell(row.cells, self.columns.state))[:20]
        verify = text_of(_cell(row.cells, self.columns.verify))[:20]
        return [GoodLine(row.number, Punch(pin, moment.at, state, verify), moment.exact) for moment in moments]

    def _moments(self, row: Sequence[Cell], order: Order) -> list[Moment] | None:
        """Return the times of a row, none where nobody scanned; None where they cannot be read."""
        if self.columns.stamp is not None:
            cell = _cell(row, self.columns.stamp)
            moment = read_moment(cell, order)
            return [moment] if moment is not None else None
        clocks = self._clocks(row)
        if not clocks:
            return []
        day = read_day(_cell(row, self.columns.date), order)
        if day is None or None in clocks:
            return None
        return [Moment(datetime.combine(day, clock[0]), clock[1]) for clock in clocks if clock is not None]

    def _clocks(self, row: Sequence[Cell]) -> list[tuple[time, bool] | None]:
        """Return the times of a row beside its date, without midnight; None for one that cannot be read."""
        clocks = [clock for place in self.columns.times for clock in _clocks(_cell(row, place))]
        return [clock for clock in clocks if clock is None or clock[0] != MIDNIGHT]

    def _fills_with_midnight(self) -> bool:
        """Tell whether the table writes 00:00 where nobody scanned: nobody scans twice at midnight in one row."""
        return any(sum(_midnights(_cell(row.cells, place)) for place in self.columns.times) > 1 for row in self.rows)

    def _doubts_midnight(self, row: Sequence[Cell], pin: str) -> bool:
        """Tell whether a row has a midnight that may be a scan or none."""
        return (
            not self.midnight_is_nothing
            and self._is_somebodys(row, pin)
            and any(_midnights(_cell(row, place)) for place in self.columns.times)
        )

    def _report(self, number: int, pin: str, row: Sequence[Cell], moments: Sequence[Moment]) -> None:
        if not moments:
            return
        times = tuple(_only(_clocks(_cell(row, place))) for place in self.columns.times)
        self.reported.append(Reported(number, pin, moments[0].at.date(), times))


def _below_headings(tables: Sequence[Table], headings: int) -> Iterator[_Row]:
    """Return the rows below the headings: `headings` rows of the first sheet, as many as the others have."""
    for table in tables:
        own = find_headings(table.rows) or name_headings(table.rows) if table is not tables[0] else None
        begun = headings if own is None else own.row + 1
        sheet = table.name[:40] if len(tables) > 1 else ""
        for index, cells in enumerate(table.rows[begun:], begun):
            yield _Row(sheet, table.first_row + index, cells)


def _bad(row: _Row, reason: Reason) -> BadLine:
    cells = ((row.sheet,) if row.sheet else ()) + tuple(text_of(cell) for cell in row.cells)
    return bad_line(row.number, reason, "\t".join(text for text in cells if text))


def _cell(row: Sequence[Cell], place: int | None) -> Cell:
    return row[place] if place is not None and place < len(row) else None


def _clocks(cell: Cell) -> list[tuple[time, bool] | None]:
    """Return the times in a cell, which may hold several; None for one that cannot be read."""
    if not isinstance(cell, str):
        return [] if cell is None else [read_clock(cell)]
    if cell.strip().lower() in NOTHING:
        return []
    whole = read_clock(cell)
    return [whole] if whole else [read_clock(part) for part in SEVERAL.split(cell.strip())]


def _midnights(cell: Cell) -> int:
    return sum(clock is not None and clock[0] == MIDNIGHT for clock in _clocks(cell))


def _only(clocks: Sequence[tuple[time, bool] | None]) -> time | None:
    return clocks[0][0] if clocks and clocks[0] is not None and clocks[0][0] != MIDNIGHT else None


def _is_one_clock(text: str) -> bool:
    return read_clock(text) is not None
