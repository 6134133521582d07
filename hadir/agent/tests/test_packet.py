"""Frames, checksums, and the answer to a comm key."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.agent.packet import (
    MAGIC,
    FrameReader,
    Packet,
    checksum,
    comm_key_answer,
    read_packet,
    write_frame,
    write_packet,
)
from hadir.agent.tests.simulator import scrambled, summed


def test_a_packet_as_it_lies_on_the_wire():
    """CONNECT, as every client of this protocol sends it first."""
    assert write_packet(Packet(1000, 0, 0)).hex() == "e80317fc00000000"


@given(st.binary(max_size=300))
def test_the_checksum_is_the_one_of_the_tables(data: bytes):
    assert checksum(data) == summed(data)


@given(st.integers(0, 999999), st.integers(0, 0xFFFF))
def test_the_comm_key_is_scrambled_as_in_the_tables(key: int, session: int):
    assert comm_key_answer(key, session) == scrambled(key, session)


@given(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), st.binary(max_size=200))
def test_a_packet_reads_back_and_one_broken_bit_shows(command: int, session: int, reply: int, data: bytes):
    written = write_packet(Packet(command, session, reply, data))
    assert read_packet(written) == Packet(command, session, reply, data, sound=True)
    broken = bytes([written[0] ^ 1]) + written[1:]
    found = read_packet(broken)
    assert found is not None
    assert not found.sound


@given(st.lists(st.binary(max_size=60), max_size=5), st.integers(1, 40), st.binary(max_size=20))
def test_a_stream_cut_anywhere_gives_the_same_packets(payloads: list[bytes], step: int, noise: bytes):
    noise = noise.replace(b"P", b"Q")
    stream = b"".join(noise + write_frame(write_packet(Packet(1501, 1, 2, data))) for data in payloads)
    reader, found = FrameReader(), []
    for start in range(0, len(stream), step):
        reader.feed(stream[start : start + step])
        while (packet := reader.next_packet()) is not None:
            found.append(packet.data)
    assert found == payloads
    assert reader.noise == len(noise) * len(payloads)


@given(st.binary(max_size=400))
def test_no_noise_makes_the_reader_fail(noise: bytes):
    reader = FrameReader()
    reader.feed(noise)
    while reader.next_packet() is not None:
        pass


@pytest.mark.parametrize("length", [0, 7, 2**31])
def test_a_length_that_cannot_be_is_noise(length: int):
    reader = FrameReader()
    reader.feed(MAGIC + struct.pack("<I", length) + write_frame(write_packet(Packet(2000, 1, 1))))
    assert reader.next_packet() == Packet(2000, 1, 1)
