"""fingerspot.io: webhook and pull, whose machine a call is, and one machine that calls in two ways."""

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.management import call_command

from hadir.conftest import NOW, World
from hadir.devices.models import Terminal
from hadir.devices.services_terminal import add_terminal
from hadir.gateways.fingerspot.services import take_in_pulled
from hadir.gateways.tests.calls import GLOG, Now, call, fkweb, post, pulled
from hadir.ledger.models import TerminalScan
from hadir.terminals.door import claim_terminal
from hadir.terminals.models import Quarantined

pytestmark = pytest.mark.django_db


def times() -> list[str]:
    return list(TerminalScan.objects.order_by("local_time").values_list("local_time", flat=True))


def test_a_webhook_and_a_pull_are_one_record(cloud: tuple[Terminal, str], now: Now):
    for _time in range(2):
        assert post(cloud[1], call()).status_code == 200
    outcome = take_in_pulled(
        terminal=cloud[0], body=pulled("2026-09-14 06:58:41", "2026-09-14 06:59:02"), now=now.moment
    )
    assert (outcome.stored, outcome.known) == (1, 1)
    assert post(cloud[1], call(scan="2026-09-14 06:59")).status_code == 200
    assert times() == ["2026-09-14 06:58:00", "2026-09-14 06:59:02"]
    assert set(TerminalScan.objects.values_list("source", "trust")) == {("cloud", "secret")}


def states() -> list[tuple[str, str]]:
    return list(TerminalScan.objects.order_by("local_time", "state_raw").values_list("local_time", "state_raw"))


def test_another_key_in_the_same_minute_is_another_record(cloud: tuple[Terminal, str], now: Now):
    for state in ("0", "1", "0", "1"):
        assert post(cloud[1], call(state=state)).status_code == 200
    assert states() == [("2026-09-14 06:58:00", "0"), ("2026-09-14 06:58:00", "1")]
    rows = [
        {"pin": "7", "scan_date": f"2026-09-14 06:58:{second}", "status_scan": key}
        for second, key in ((10, 0), (41, 1), (50, 2))
    ]
    for new in (1, 0):
        body = json.dumps({"success": True, "data": rows}).encode()
        assert take_in_pulled(terminal=cloud[0], body=body, now=now.moment).stored == new
    assert post(cloud[1], call(state="2")).status_code == 200
    assert states()[2:] == [("2026-09-14 06:58:50", "2")]


@pytest.mark.parametrize("state", ["scan in", "", "scan out"])
def test_a_key_told_in_another_way_is_no_other_record(cloud: tuple[Terminal, str], now: Now, state: str):
    take_in_pulled(terminal=cloud[0], body=pulled("2026-09-14 06:58:41"), now=now.moment)
    assert post(cloud[1], call(state=state)).status_code == 200
    assert states() == [("2026-09-14 06:58:41", "0")]


def test_a_call_of_another_cloud_id_waits(cloud: tuple[Terminal, str]):
    assert post(cloud[1], call(cloud_id="AWAN1", scan="2026-09-13 06:58")).status_code == 200
    assert times() == ["2026-09-13 06:58:00"], "the first one behind the secret is this terminal's"
    assert post(cloud[1], call(cloud_id="LAIN")).status_code == 200
    assert post(cloud[1], call(cloud_id="AWAN1", scan="2026-09-14 06:57")).status_code == 200
    assert times() == ["2026-09-13 06:58:00", "2026-09-14 06:57:00"]
    assert Quarantined.objects.get().serial == "LAIN"


def test_the_first_cloud_id_stays_also_where_it_is_the_serial(cloud: tuple[Terminal, str]):
    assert post(cloud[1], call(scan="2026-09-13 06:58")).status_code == 200
    assert post(cloud[1], call(cloud_id="LAIN", scan="2026-09-13 06:59")).status_code == 200
    assert times() == ["2026-09-13 06:58:00"]
    assert (Quarantined.objects.get().serial, Quarantined.objects.get().reason) == ("LAIN", "unknown_serial")


def test_a_serial_that_is_not_the_cloud_id_is_another_machine(cloud: tuple[Terminal, str]):
    for cloud_id, scan in (("AWAN1", "2026-09-13 06:58"), ("C2609", "2026-09-13 06:59"), ("", "2026-09-13 07:00")):
        assert post(cloud[1], call(cloud_id=cloud_id, scan=scan)).status_code == 200
    assert times() == ["2026-09-13 06:58:00", "2026-09-13 07:00:00"]
    assert (Quarantined.objects.get().serial, Quarantined.objects.get().reason) == ("C2609", "secret_wrong")


def test_a_terminal_with_records_keeps_the_cloud_id_under_which_they_came(cloud: tuple[Terminal, str]):
    assert post(cloud[1], call(scan="2026-09-13 06:58")).status_code == 200
    Terminal.objects.update(options={})  # as it was before cloud ids were noted
    assert post(cloud[1], call(cloud_id="LAIN", scan="2026-09-13 06:59")).status_code == 200
    assert post(cloud[1], call(scan="2026-09-13 07:00")).status_code == 200
    assert times() == ["2026-09-13 06:58:00", "2026-09-13 07:00:00"]


def test_the_cloud_id_of_another_cloud_terminal_is_never_taken_over(cloud: tuple[Terminal, str], world: World):
    add_terminal(serial="AWAN1", kind="fingerspot-cloud", schools=[world.kota], by=None, now=NOW)
    assert post(cloud[1], call(cloud_id="AWAN1")).status_code == 200
    assert not TerminalScan.objects.exists()
    assert (Quarantined.objects.get().serial, Quarantined.objects.get().reason) == ("AWAN1", "secret_wrong")


def test_one_machine_by_fkweb_and_by_the_cloud(world: World):
    add_terminal(serial="C2609", kind="fkweb", schools=[world.kota], by=None, now=NOW)
    _, secret = add_terminal(serial="AWAN", kind="fingerspot-cloud", schools=[world.kota], by=None, now=NOW)
    for _time in range(2):
        assert fkweb(GLOG)["response_code"] == "OK"
        assert post(f"/fingerspot/{secret}", call()).status_code == 200
    rows = TerminalScan.objects.order_by("local_time").values_list("device__terminal__serial", "pin")
    assert list(rows) == [("AWAN", "7"), ("C2609", "13")]
    assert not Quarantined.objects.exists()


def test_one_machine_that_waits_in_two_languages_is_claimed_whole(world: World, now: Now):
    assert fkweb(GLOG)["response_code"] == "OK"
    assert post("/fingerspot/bukanrahasiakami", call()).status_code == 200
    claimed = claim_terminal(serial="C2609", school=world.kota, by=None, now=now.moment)
    assert (claimed.stored, claimed.bad) == (2, 0)


@pytest.fixture
def service(tmp_path: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A small fingerspot.io on this computer, and what it was asked."""
    asked: list[dict[str, Any]] = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(told | {"key": self.headers["Authorization"], "path": self.path})
            self.send_response(200)
            self.end_headers()
            self.wfile.write(pulled(f"{told['start_date']} 06:58:41"))

        def log_message(self, *_arguments: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    (tmp_path / "token").write_text("kunci\n")
    yield f"http://127.0.0.1:{server.server_port}/api", asked
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def test_a_pull_asks_two_days_at_a_time(
    cloud: tuple[Terminal, str], service: tuple[str, list[dict[str, Any]]], settings: Any, tmp_path: Any
):
    settings.HADIR_FINGERSPOT_URL, settings.HADIR_FINGERSPOT_TOKEN_FILE = service[0], tmp_path / "token"
    out = io.StringIO()
    arguments = ["pull", cloud[0].serial, "--from", "2026-09-10", "--to", "2026-09-12", "--json"]
    for new in (2, 0):
        out = io.StringIO()
        call_command("fingerspot", *arguments, stdout=out)
        assert json.loads(out.getvalue())["new"] == new
    assert [(one["start_date"], one["end_date"]) for one in service[1][:2]] == [
        ("2026-09-10", "2026-09-11"), ("2026-09-12", "2026-09-12"),
    ]  # fmt: skip
    assert (service[1][0]["key"], service[1][0]["path"]) == ("Bearer kunci", "/api/get_attlog")
    assert times() == ["2026-09-10 06:58:41", "2026-09-12 06:58:41"]


@pytest.mark.parametrize(
    ("url", "dates", "code"),
    [
        ("", ["2026-09-10"], "pull_unset"),
        ("http://127.0.0.1:9/api", ["2026-09-10"], "pull_failed"),
        ("http://127.0.0.1:9/api", ["2026-09-10", "--to", "2026-09-09"], "pull_dates"),
        ("http://127.0.0.1:9/api", ["2027-09-10"], "pull_dates"),
    ],
)
def test_a_pull_that_cannot_be(
    cloud: tuple[Terminal, str], settings: Any, tmp_path: Any, url: str, dates: list[str], code: str
):
    (tmp_path / "token").write_text("kunci\n")
    settings.HADIR_FINGERSPOT_URL, settings.HADIR_FINGERSPOT_TOKEN_FILE = url, tmp_path / "token"
    said = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("fingerspot", "pull", cloud[0].serial, "--from", *dates, stderr=said)
    assert said.getvalue().startswith(f"Error {code}: ")
