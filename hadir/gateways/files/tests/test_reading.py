"""Files in, records out."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.core.errors import HadirError
from hadir.gateways.files.attlog import is_attlog, named_device
from hadir.gateways.files.columns import Columns, columns_of
from hadir.gateways.files.reading import read_file
from hadir.gateways.files.stamps import DateDoubt, Order, order_of, read_clock, read_day, read_moment, split_stamp
from hadir.gateways.files.tests.samples import CLOUD, TABULAR, USB, biff2, csv, sheets, workbook
from hadir.gateways.files.told import Layout, Reason, Told

wall = datetime.fromisoformat
LATEST = wall("2026-09-20 07:00:00")


def read(data: bytes, **answers: Any) -> Told:
    return read_file(data, latest=LATEST, **answers)


def rows(told: Told) -> list[tuple[str, str]]:
    return [(line.punch.pin, str(line.punch.local_time)) for line in told.good]


def test_usb_has_its_own_order_of_columns():
    told = read(USB)
    assert (told.layout, told.device_numbers) == (Layout.ATTLOG, frozenset({"1"}))
    assert [
        (one.number, one.punch.pin, str(one.punch.local_time), one.punch.state_raw, one.punch.verify_raw)
        for one in told.good
    ] == [
        (1, "5", "2026-09-14 06:58:12", "0", "15"),
        (2, "0071", "2026-09-14 06:59:40", "0", "1"),
        (3, "0071", "2026-09-14 15:02:03", "1", "1"),
    ]
    assert not told.bad, "a lone space is no line"


def test_solutions_cloud_has_five_columns():
    told = read(CLOUD)
    assert told.layout is Layout.SOLUTION
    assert rows(told) == [("10021", "2026-09-14 06:58:12"), ("24387", "2026-09-14 07:00:02")]


def test_bad_lines_are_kept_with_their_reason():
    lines = [
        "5\t2026-09-14 06:58:12\t1\t0\t15\t0",
        "5\t2026-09-14\t1\t0\t15\t0",
        "5\t2014-12-31 23:59:59\t1\t0\t15\t0",
        "5\t2026-09-20 07:00:01\t1\t0\t15\t0",
        "5\t2026-09-14 06:58",
        "\t2026-09-14 06:58:12\t1\t0\t15\t0",
        "5\t2026-09-14 06:59:12\t1\t0\t15\t0",
        "5\t2026-09-14 07:59:12\t1\t0\t15\t0",
        "5\t2026-09-14 08:59:12\t1\t0\t15\t0",
    ]
    told = read("\n".join(lines).encode())
    assert [(bad.number, bad.reason) for bad in told.bad] == [
        (2, Reason.TIME), (3, Reason.OLD), (4, Reason.FUTURE), (5, Reason.FIELDS), (6, Reason.PIN),
    ]  # fmt: skip
    assert told.bad[0].text == "5 2026-09-14 1 0 15 0"


@pytest.mark.parametrize(
    "data",
    [
        USB,
        CLOUD,
        TABULAR,
        csv("PIN;Tanggal;Jam", "0071;13/09/2026;06:58:12", ""),
        csv("Jam;PIN;Tanggal", "06:58:12;0071;2026-09-14", ""),
        csv("Tanggal;Jam;PIN", "2026-09-14;06:58:12;0071", ""),
    ],
)
def test_a_file_that_is_cut_off_invents_nothing(data: bytes):
    whole = set(rows(read(data)))
    assert whole
    for end in range(len(data)):
        try:
            told = read(data[:end])
        except HadirError:
            continue
        assert set(rows(told)) <= whole


@pytest.mark.parametrize(
    ("above", "last", "read_at"),
    [
        ("", "07.28.54", "07:28:54"),
        ("", "07.28", None),
        ("", "07.28.5", None),
        ("", "13:28:54", "13:28:54"),
        ("", "08:28:54", None),
        ("", "08:28:54 PM", "20:28:54"),
        ("", "08:28:54 P", None),
        ("06:58:12", "08:28:54", "08:28:54"),
        ("06:58:12", "08:28", None),
        ("06:58:12 AM", "08:28:54", None),
        ("06:58", "08:28", "08:28:00"),
    ],
)
@pytest.mark.parametrize("mark", [" ", ";"], ids=["one column", "two columns"])
def test_a_last_line_without_its_end_is_read_if_it_is_surely_whole(
    above: str, last: str, read_at: str | None, mark: str
):
    lines = [f"0071;2026-09-14{mark}{clock}" for clock in (above, last) if clock]
    headings = "PIN;Waktu" if mark == " " else "PIN;Tanggal;Jam"
    told = read(csv(headings, *lines))
    assert [when for _, when in rows(told)][len(lines) - 1 :] == ([f"2026-09-14 {read_at}"] if read_at else [])
    assert [(bad.number, bad.reason) for bad in told.bad] == ([] if read_at else [(len(lines) + 1, Reason.CUT)])


@pytest.mark.parametrize("end", ["\r\n", "\r\n\x1a", "\n  ", "\n\t\t\n"])
def test_the_end_of_a_text_may_be_written_in_many_ways(end: str):
    assert rows(read(csv("Tanggal;Jam;PIN", "2026-09-14;06:58:12;0071") + end.encode())) == [
        ("0071", "2026-09-14 06:58:12")
    ]
    assert rows(read(csv("PIN;Tanggal;Jam", '"0071";"2026-09-14";"06:58:12"'))) == [("0071", "2026-09-14 06:58:12")]


USB_ROWS = [("5", "2026-09-14 06:58:12"), ("0071", "2026-09-14 06:59:40"), ("0071", "2026-09-14 15:02:03")]
NEXT = b"        5\t2026-09-14 16:00:00\t1\t1\t15\t0"


@pytest.mark.parametrize(
    ("data", "found", "bad"),
    [
        (USB + b"\0" * 5000, USB_ROWS, [(5, Reason.DAMAGED)]),
        (USB + NEXT + b"\0" * 5000, [*USB_ROWS, ("5", "2026-09-14 16:00:00")], [(5, Reason.DAMAGED)]),
        (USB + NEXT[:-2] + b"\0" * 5000, USB_ROWS, [(5, Reason.DAMAGED)]),
        (USB + b"\0" * 600 + NEXT[7:] + b"\n" + USB, USB_ROWS + USB_ROWS, [(5, Reason.DAMAGED)]),
        (NEXT + b"\n" + b"\0" * 30_000, [("5", "2026-09-14 16:00:00")], [(2, Reason.DAMAGED)]),
        (USB + b"\x1a", USB_ROWS, []),
    ],
    ids=["after a line", "in a line's end", "in a verify mode", "in the middle", "one line", "end of an old text"],
)
def test_gaps_of_a_broken_stick_spoil_only_their_own_lines(
    data: bytes, found: list[tuple[str, str]], bad: list[tuple[int, Reason]]
):
    told = read(data)
    assert told.layout is Layout.ATTLOG
    assert (rows(told), [(one.number, one.reason) for one in told.bad]) == (found, bad)


def test_other_texts_with_gaps_are_damaged_and_strangers_are_of_a_wrong_kind():
    for data, code in (
        (csv("PIN;Waktu", "5;2026-09-14 06:58:12", "") + b"\0" * 50, "scans_damaged"),
        (b"\0\1\2\n" * 50, "import_wrong_kind"),
    ):
        with pytest.raises(HadirError) as refused:
            read(data)
        assert refused.value.code == code


@pytest.mark.parametrize("end", range(15, len(NEXT)))
def test_a_short_file_with_a_cut_line_is_still_known(end: int):
    for before, found in ((USB.splitlines(keepends=True)[0], USB_ROWS[:1]), (b"", [])):
        if not before and end >= 29:
            continue  # PIN and time alone may be a table of two columns, which is asked
        told = read(before + NEXT[:end])
        assert (told.layout, told.ask_columns) == (Layout.ATTLOG if before else told.layout, False)
        whole = end == len(NEXT) - 1
        assert rows(told) == [*found, *([("5", "2026-09-14 16:00:00")] if whole else [])]
        assert [bad.reason for bad in told.bad] == ([] if whole else [Reason.CUT])


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("1_attlog.dat", "1"),
        ("BWXP204661234_attlog.dat", "BWXP204661234"),
        ("attlog.dat", ""),
        ("2_attlog (1).dat", "2"),
    ],
)
def test_what_the_name_of_a_file_says(name: str, named: str):
    assert named_device(name) == named


def test_an_export_with_tabs_dots_and_a_byte_order_mark():
    told = read(TABULAR)
    assert (told.layout, told.order, told.ask_order) == (Layout.TABLE, Order.DAY_FIRST, None)
    assert rows(told) == [("0001", "2026-07-03 07:28:54")]
    assert told.names == {"0001": "Siti Aminah"}


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["2026-07-03 07:28:54"], Order.YEAR_FIRST),
        (["03/07/2026 07:28"], DateDoubt.AMBIGUOUS),
        (["03/07/2026 07:28", "13/07/2026 07:28"], Order.DAY_FIRST),
        (["03/07/2026 07:28", "07/13/2026 07:28"], Order.MONTH_FIRST),
        (["13/07/2026", "07/13/2026"], DateDoubt.MIXED),
        (["03/07/2026 07.28.54"], Order.DAY_FIRST),
        (["07/13/2026 07.28.54"], DateDoubt.MIXED),
        (["3-7-26", "Senin, 14-9-26"], Order.DAY_FIRST),
        (["14 September 2026 06.58", ""], Order.YEAR_FIRST),
        (["26-07-25"], DateDoubt.AMBIGUOUS),
        (["26-07-25 07.28.54"], DateDoubt.AMBIGUOUS),
        (["26-Jul-25", "24-Jul-25"], DateDoubt.AMBIGUOUS),
        (["26-07-25", "14-07-25"], Order.DAY_FIRST),
        (["26-07-25", "31-07-25"], Order.DAY_FIRST),
        (["26-07-25", "26-07-14"], Order.YEAR_FIRST),
        (["26-Jul-25", "26-Jul-01"], Order.YEAR_FIRST),
        (["14-Jul-26", "24-Jul-26"], Order.DAY_FIRST),
        (["07/25/26", "07/03/26"], Order.MONTH_FIRST),
        (["07/03/26"], DateDoubt.AMBIGUOUS),
        (["26-07-01", "14-07-26"], DateDoubt.MIXED),
        (["01-01-00", "26-07-25"], DateDoubt.AMBIGUOUS),
    ],
)
def test_the_whole_column_says_what_the_day_is(texts: list[str], order: Order | DateDoubt):
    assert order_of(texts, this_year=2026) is order


def test_an_unclear_order_is_asked_and_never_guessed():
    data = csv("PIN;Tanggal;Jam", "0071;03/07/2026;06:58:12", "0071;04/07/2026;06:59:12")
    told = read(data)
    assert (told.ask_order, rows(told), told.order) == (DateDoubt.AMBIGUOUS, [], None)
    assert rows(read(data, order=Order.DAY_FIRST))[0] == ("0071", "2026-07-03 06:58:12")
    assert rows(read(data, order=Order.MONTH_FIRST))[0] == ("0071", "2026-03-07 06:58:12")


@pytest.mark.parametrize("column", ["PIN;Tanggal;Jam", "PIN;Waktu"])
@pytest.mark.parametrize(
    ("order", "read_at"),
    [(Order.DAY_FIRST, "2025-07-26"), (Order.YEAR_FIRST, "2026-07-25"), (Order.MONTH_FIRST, None)],
)
def test_a_year_of_two_digits_is_asked_where_it_may_stand_first(column: str, order: Order, read_at: str | None):
    for written in ("26-07-25", "26 Juli 25"):
        mark = ";" if column.count(";") == 2 else " "
        data = csv(column, f"71;{written}{mark}06:58:12", "")
        asked = read(data)
        assert (asked.ask_order, asked.short_years, asked.good) == (DateDoubt.AMBIGUOUS, True, [])
        if written == "26-07-25":
            assert [when for _, when in rows(read(data, order=order))] == ([f"{read_at} 06:58:12"] if read_at else [])
    assert not read(csv(column, f"71;14-09-26{mark}06:58:12", "")).short_years


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-09-14 06:58:12", "2026-09-14 06:58:12"),
        ("2026/9/14T6:58", "2026-09-14 06:58:00"),
        ("14/09/2026 06.58.12", "2026-09-14 06:58:12"),
        ("Senin, 14 September 2026 06.58", "2026-09-14 06:58:00"),
        ("14 OKT 2026 12:05 AM", "2026-10-14 00:05:00"),
        ("14-9-26 12:05:06 pm", "2026-09-14 12:05:06"),
        (wall("2026-09-14 06:58:12.4"), "2026-09-14 06:58:12"),
        ("14/09/2026", None),
        ("31/02/2026 06:58", None),
        ("14/09/2026 25:00", None),
        ("14/09/2026 13:00 PM", None),
        ("14/09/2026 07.28.5", None),
        (46279.29, None),
        (None, None),
    ],
)
def test_moments_as_they_are_written(cell: Any, moment: str | None):
    found = read_moment(cell, Order.DAY_FIRST)
    assert (None if found is None else str(found.at)) == moment


def test_columns_by_headings_scan_by_scan():
    data = csv(
        "Laporan Scan",
        "PIN;NIP;Nama;Tanggal;Scan 1;Scan 2;Scan 3",
        "0071;;Siti;14/09/2026;06:58;15:02;",
        "72;;Budi;14/09/2026;;;",
    )
    told = read(data)
    assert (told.layout, told.headings[0]) == (Layout.TABLE, "PIN")
    assert rows(told) == [("0071", "2026-09-14 06:58:00"), ("0071", "2026-09-14 15:02:00")]
    assert not any(line.exact for line in told.good)
    assert told.good[0].number == 3


MIDNIGHTS = ("00:00", "0:00", "00.00", "00:00:00", "12:00 AM")


@pytest.mark.parametrize("midnight", MIDNIGHTS)
def test_a_midnight_that_may_be_none_is_told(midnight: str):
    told = read(csv("PIN;Tanggal;Scan 1;Scan 2", f"71;14/09/2026;{midnight};06:58", f"72;14/09/2026;;{midnight}", ""))
    assert rows(told) == [("71", "2026-09-14 06:58:00")]
    assert [(bad.number, bad.reason) for bad in told.bad] == [(2, Reason.MIDNIGHT), (3, Reason.MIDNIGHT)]
    told = read(workbook([["PIN", "Tanggal", "Jam"], ["71", "14/09/2026", 0.0], ["Jumlah", "", 0.0], ["", "", 0.0]]))
    assert (rows(told), {bad.reason for bad in told.bad}) == ([], {Reason.MIDNIGHT})


@pytest.mark.parametrize("midnight", MIDNIGHTS)
def test_a_table_that_fills_with_midnight_says_so_itself(midnight: str):
    filled = f"71;14/09/2026;06:58;{midnight};{midnight}", f"72;14/09/2026;06:59;15:02;{midnight}"
    told = read(csv("PIN;Tanggal;Scan 1;Scan 2;Scan 3", *filled, ""))
    assert [pin for pin, _ in rows(told)] == ["71", "72", "72"]
    assert not told.bad
    report = read(csv("No.ID;Tanggal;Scan Masuk;Scan Pulang", f"71;14/09/2026;06:58;{midnight}", ""))
    assert ([one.times for one in report.reported], report.bad) == ([(time(6, 58), None)], [])


def test_midnight_beside_its_date_is_a_time():
    assert rows(read(csv("PIN;Waktu", "71;14/09/2026 00:00", "71;14/09/2026 00:00:00", "")))[0] == (
        "71",
        "2026-09-14 00:00:00",
    )
    assert rows(read(USB.replace(b"06:58:12", b"00:00:00")))[0] == ("5", "2026-09-14 00:00:00")
    assert rows(read(csv("PIN;Tanggal;Jam", "71;14/09/2026;00:00:01", "")))[0] == ("71", "2026-09-14 00:00:01")


def test_several_times_in_one_cell_and_a_name_for_its_column():
    data = csv("No,Nama,Absen", mark=",") + b"\n" + csv("A,B", mark=",")
    assert read(data).ask_columns
    data = csv("x,y,z", "0071,14/09/2026,06:58 15:02", mark=",")
    told = read(data, columns=Columns(pin=0, date=1, times=(2,), headings=1))
    assert rows(told) == [("0071", "2026-09-14 06:58:00"), ("0071", "2026-09-14 15:02:00")]


def test_a_profile_is_found_by_the_headings():
    data = csv("Nama;Kode;Kapan", "Siti;0071;14/09/2026 06:58:12").replace(b"Kapan", b"Jam")
    asked = read(data)
    assert asked.ask_columns
    columns = Columns(pin=1, stamp=2, headings=1)
    told = read(data, remembered={asked.signature: columns}.get)
    assert rows(told) == [("0071", "2026-09-14 06:58:12")]
    assert columns_of(columns.as_dict()) == columns


@pytest.mark.parametrize(
    "told", [{}, {"pin": 0}, {"pin": -1, "stamp": 1}, {"pin": True, "stamp": 1}, {"x": 1}, {"pin": 0, "date": 1}]
)
def test_columns_that_are_none(told: dict[str, Any]):
    with pytest.raises(ValueError, match="no columns"):
        columns_of(told)


@pytest.mark.parametrize(("first", "asks"), [("ID", True), ("NIK", True), ("No.ID", False), ("PIN", False)])
def test_of_two_columns_that_may_be_the_pin_a_person_says_which(first: str, asks: bool):
    told = read(csv(f"{first};NIP;Nama;Tanggal;Jam", "1;198501012010011001;Siti;2026-09-14;07:00:00", ""))
    assert (told.ask_columns, [line.punch.pin for line in told.good]) == (asks, [] if asks else ["1"])
    alone = read(csv(f"{first};Nama;Tanggal;Jam", "1;Siti;2026-09-14;07:00:00", ""))
    assert rows(alone) == [("1", "2026-09-14 07:00:00")]


LOG_HEADINGS: list[object] = ["PIN", "Nama", "Tanggal", "Jam"]


def month(number: int) -> list[list[object]]:
    return [LOG_HEADINGS, ["1", "Siti", f"2026-0{number}-01", "07:01:00"], ["", "", "2026-09-01", "07:02:00"]]


def test_sheets_with_the_same_headings_are_one_list():
    shifted: list[list[object]] = [["Laporan"], [], *month(9)]
    told = read(sheets({"Agu": month(8), "Sep": shifted}))
    assert rows(told) == [("1", "2026-08-01 07:01:00"), ("1", "2026-09-01 07:01:00")]
    assert [(one.number, one.text.partition(" ")[0]) for one in told.bad] == [(3, "Agu"), (5, "Sep")]
    assert told.other_sheets == ()


def test_a_sheet_for_each_person_is_read():
    one: list[list[object]] = [LOG_HEADINGS, ["1", "Siti", "2026-09-01", "07:01:00"]]
    assert len(read(sheets({f"Orang {number}": one for number in range(60)})).good) == 60


def test_the_order_of_dates_is_decided_over_all_sheets():
    first: list[list[object]] = [LOG_HEADINGS, ["1", "Siti", "03/07/2026", "07:01:00"]]
    second: list[list[object]] = [LOG_HEADINGS, ["1", "Siti", "13/07/2026", "07:01:00"]]
    assert rows(read(sheets({"A": first, "B": second})))[0] == ("1", "2026-07-03 07:01:00")


@pytest.mark.parametrize(
    "headings", [LOG_HEADINGS, ["Kode", "Orang", "Hari", "Pukul"], ["Nama", "Kode", "Hari", "Jam"]]
)
def test_a_summary_before_the_log_is_passed_over_and_named(headings: list[object]):
    summary: list[list[object]] = [["No", "Nama", "Status"], [1, "Siti", "Hadir"], *([[2, "Budi", "Hadir"]] * 5)]
    data = sheets({"Ringkasan": summary, "Log": [headings, *month(9)[1:]]})
    told = read(data)
    assert (told.headings, told.other_sheets) == (tuple(headings), ("Ringkasan",))
    named = Columns(pin=0, name=1, date=2, times=(3,))
    remembered = read(data, remembered={told.signature: named}.get)
    assert rows(remembered) == [("1", "2026-09-01 07:01:00")]


def test_a_workbook_with_real_dates():
    made = wall("2026-09-14 06:58:12")
    told = read(
        workbook([["No.ID", "Nama", "Tgl/Waktu", "Status"], [71, "Siti", made, "C/In"], ["0072", "Budi", made, ""]])
    )
    assert rows(told) == [("71", "2026-09-14 06:58:12"), ("0072", "2026-09-14 06:58:12")]
    assert told.good[0].punch.state_raw == "C/In"


NIPS = (198501012010011001, 198501012010011002)


@pytest.mark.parametrize(
    "data",
    [
        workbook([["PIN", "Nama", "Waktu"], *([nip, "Siti", wall("2026-09-14 06:58:12")] for nip in NIPS)]),
        biff2([["PIN", "Nama", "Waktu"], *([float(nip), "Siti", wall("2026-09-14 06:58:00")] for nip in NIPS)]),
        csv("PIN,Nama,Waktu", *[f"{pin},Siti,2026-09-14 06:58:12" for pin in ("1.98501E+17", "2E+17")], mark=","),
        csv("PIN;Nama;Waktu", *[f"{pin};Siti;2026-09-14 06:58:12" for pin in ("1,98501E+17", "1.98501e17")]),
        workbook([["PIN", "Nama", "Waktu"], *([pin, "Siti", "2026-09-14 06:58:12"] for pin in (7.5, True))]),
        workbook([["PIN", "Nama", "Waktu"], *([date(2026, 7, 3), "Siti", "2026-09-14 06:58:12"] for _ in NIPS)]),
    ],
    ids=["numbers", "old excel", "plus", "comma", "fraction and yes", "date"],
)
def test_numbers_that_a_spreadsheet_rounded_are_nobodys(data: bytes):
    told = read(data)
    assert (rows(told), dict(told.names)) == ([], {})
    assert [(bad.number, bad.reason) for bad in told.bad] == [(2, Reason.PIN), (3, Reason.PIN)]


def test_the_name_beside_a_rounded_number_is_nobodys():
    told = read(workbook([["PIN", "Nama", "Tanggal", "Jam"], [NIPS[0], "Siti", "2026-09-14", ""]]))
    assert (told.good, told.bad, told.names) == ([], [], {})


def test_long_numbers_that_are_whole_are_somebodys():
    data = workbook(
        [["PIN", "Waktu"], *([pin, "2026-09-14 06:58:12"] for pin in ("198501012010011001", 999999999999999, "12E3"))]
    )
    assert [pin for pin, _ in rows(read(data))] == ["198501012010011001", "999999999999999", "12E3"]
    usb = USB.replace(b"     0071", b"  1.5E+17")
    assert [pin for pin, _ in rows(read(usb))] == ["5", "1.5E+17", "1.5E+17"], "no spreadsheet wrote this"


def test_a_spreadsheet_that_took_days_for_months_is_seen():
    told = read(
        workbook([["PIN", "Tanggal", "Jam"], ["1", date(2026, 3, 9), "06:58"], ["1", "13/09/2026", "06:58"]]),
        order=Order.DAY_FIRST,
    )
    assert told.swapped
    assert rows(told) == [("1", "2026-09-13 06:58:00")]
    assert [bad.reason for bad in told.bad] == [Reason.SWAPPED]


REPORT = [
    ["No.ID", "Nama", "Tanggal", "Jam Kerja", "Scan Masuk", "Scan Pulang", "Terlambat"],
    ["0071", "Siti", "14/09/2026", "Pagi", "06:58", "15:02", ""],
    ["0071", "Siti", "15/09/2026", "Pagi", "", "", ""],
]


@pytest.mark.parametrize("data", [workbook(REPORT), biff2(REPORT), csv(*(";".join(row) for row in REPORT))])
def test_a_report_is_kept_apart_from_records(data: bytes):
    told = read(data)
    assert (told.layout, told.good) == (Layout.REPORT, [])
    assert [(one.pin, one.day, one.times) for one in told.reported] == [
        ("0071", date(2026, 9, 14), (time(6, 58), time(15, 2)))
    ]


def test_the_oldest_excel_with_its_numbers_and_dates():
    made = wall("2026-09-14 06:58:00")
    told = read(biff2([["PIN", "Nama", "Waktu"], [71, "Siti", made], ["0072", "Budi", made]]))
    assert rows(told) == [("71", "2026-09-14 06:58:00"), ("0072", "2026-09-14 06:58:00")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "scans_empty"),
        (b"  \r\n", "scans_empty"),
        (biff2(REPORT)[:-2], "scans_damaged"),
        (b"\x09\x00\x04\x00", "scans_damaged"),
        (workbook(REPORT)[:-50], "scans_damaged"),
        (b"%PDF-1.4", "import_wrong_kind"),
        (b"x" * (21 * 1024 * 1024), "scans_too_big"),
    ],
)
def test_files_that_cannot_be_read_say_why(data: bytes, code: str):
    with pytest.raises(HadirError) as refused:
        read(data)
    assert refused.value.code == code


@given(
    st.binary(max_size=400)
    | st.binary(max_size=200).map(lambda tail: USB + tail)
    | st.text(max_size=200).map(str.encode)
)
def test_any_bytes_are_read_or_refused(data: bytes):
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return
    try:
        told = read(data)
    except HadirError:
        return
    for line in told.good:
        assert line.punch.pin
        assert line.punch.local_time.year >= 2015
        assert line.punch.local_time <= LATEST


@given(st.binary(max_size=300))
def test_any_bytes_after_the_mark_of_old_excel(tail: bytes):
    try:
        read(b"\x09\x00\x04\x00\x02\x00\x10\x00" + tail + b"\x0a\x00\x00\x00")
    except HadirError:
        return


@given(st.text(max_size=40))
def test_any_text_as_a_date(text: str):
    order_of([text])
    split_stamp(text)
    for order in Order:
        read_day(text, order)
        read_moment(text, order)
    read_clock(text)


stamps = st.datetimes(min_value=wall("2015-01-01"), max_value=LATEST).map(lambda when: when.replace(microsecond=0))


@given(st.lists(st.tuples(st.text("0123456789ABC", min_size=1, max_size=9), stamps), min_size=1, max_size=20))
def test_what_is_written_is_read(made: list[tuple[str, datetime]]):
    usb = "".join(f"{pin:>9}\t{when:%Y-%m-%d %H:%M:%S}\t1\t0\t1\t0\n" for pin, when in made).encode()
    told = read(usb)
    assert [(line.punch.pin, line.punch.local_time) for line in told.good] == made
    assert is_attlog(usb)


@given(stamps, st.sampled_from(["%d/%m/%Y %H.%M.%S", "%Y-%m-%d %H:%M:%S", "%d-%m-%y %I:%M:%S %p"]))
def test_a_moment_survives_its_writing(when: datetime, shape: str):
    found = read_moment(when.strftime(shape), Order.DAY_FIRST)
    assert found is not None
    assert abs(found.at - when) < timedelta(seconds=1) or found.at.year != when.year
