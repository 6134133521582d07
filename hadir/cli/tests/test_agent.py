"""`hadir agent`: keys on the server, the one-file build, and the agent itself without a database."""

from pathlib import Path

from hadir.agent.signing import read_key
from hadir.cli.tests.test_commands import facts, hadir
from hadir.conftest import World
from hadir.gateways.agent.models import AgentKey


def test_a_key_is_made_shown_once_listed_and_ended(world: World):
    (made,) = facts("agent", "key", "--school", world.kota.npsn, "--json")
    assert made["school"] == world.kota.npsn
    key = read_key(made["key"])
    assert key is not None
    assert key.name == made["name"]
    code, out, err = hadir("agent", "key", "--school", world.pulau.npsn)
    assert code == 0
    assert read_key(out) is not None  # the key alone, for a pipe
    assert "tidak dapat ditampilkan lagi" in err
    listed = facts("agent", "keys", "--school", world.kota.npsn, "--json")
    assert [(one["name"], one["last_heard_at"], one["revoked_at"]) for one in listed] == [(key.name, None, None)]
    assert made["key"] not in hadir("agent", "keys")[1]
    assert hadir("agent", "revoke", key.name)[0] == 0
    assert AgentKey.objects.get(name=key.name).revoked_at is not None
    assert "dicabut" in hadir("agent", "keys")[1]


def test_keys_that_cannot_be(world: World):
    assert hadir("agent", "key", "--school", "00000000")[0] == 1
    code, _out, err = hadir("agent", "revoke", "tidakada")
    assert code == 1
    assert "agent_key_unknown" in err
    assert not AgentKey.objects.filter(school=world.kota).exists()


def test_the_agent_needs_no_database(tmp_path: Path):
    assert hadir("agent", "once", "--config", str(tmp_path / "agen.ini"))[0] == 2
    bundle = tmp_path / "hadir-agen.pyz"
    code, out, _err = hadir("agent", "build", str(bundle))
    assert code == 0
    assert bundle.read_bytes().startswith(b"#!/usr/bin/env python3")
    assert "check" in out
