"""Files as phones, scanners and people make them."""

import io
import struct
import zlib
from collections.abc import Callable
from time import monotonic

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hadir.face import ImageTooLarge, UnreadableImage, decode_image

LEFT, RIGHT = (200, 30, 30), (30, 30, 200)


def half_and_half(width: int = 40, height: int = 20) -> Image.Image:
    image = Image.new("RGB", (width, height), LEFT)
    image.paste(RIGHT, (width // 2, 0, width, height))
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has next to no data."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


FORMATS: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: saved(half_and_half(), "JPEG", quality=95),
    "png": lambda: saved(half_and_half(), "PNG"),
    "webp": lambda: saved(half_and_half(), "WEBP", lossless=True),
    "bmp": lambda: saved(half_and_half(), "BMP"),
    "tiff": lambda: saved(half_and_half(), "TIFF"),
    "cmyk jpeg": lambda: saved(half_and_half().convert("CMYK"), "JPEG", quality=95),
    "cmyk tiff": lambda: saved(half_and_half().convert("CMYK"), "TIFF"),
    "palette png": lambda: saved(half_and_half().convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
    "palette png with transparency": lambda: saved(
        half_and_half().convert("P", palette=Image.Palette.ADAPTIVE), "PNG", transparency=0
    ),
    "png with alpha": lambda: saved(half_and_half().convert("RGBA"), "PNG"),
    "ycbcr tiff": lambda: saved(half_and_half().convert("YCbCr"), "TIFF"),
    "animated gif": lambda: saved(
        half_and_half(), "GIF", save_all=True, append_images=[Image.new("RGB", (40, 20))], duration=50
    ),
    "animated webp": lambda: saved(
        half_and_half(), "WEBP", save_all=True, append_images=[Image.new("RGB", (40, 20))], lossless=True
    ),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_picture(name: str) -> None:
    rgb = decode_image(FORMATS[name]())
    assert rgb.shape == (20, 40, 3)
    assert rgb.dtype == np.uint8
    assert np.abs(rgb[:, :16].astype(int) - LEFT).max() < 40
    assert np.abs(rgb[:, 24:].astype(int) - RIGHT).max() < 40


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_of_grey_become_eight(kind: str) -> None:
    values = np.linspace(0, 65535, 64, dtype=np.uint16).reshape(8, 8)
    rgb = decode_image(saved(Image.fromarray(values), kind))
    assert np.abs(rgb[..., 0].astype(int) - values // 257).max() <= 1
    assert (rgb[..., 0] == rgb[..., 2]).all()


def test_floats_become_eight_bits() -> None:
    values = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
    assert np.abs(decode_image(saved(Image.fromarray(values), "TIFF"))[..., 0] - values * 255).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_turn_that_a_camera_noted_is_done(orientation: int) -> None:
    upright = half_and_half()
    stored = {
        1: upright,
        2: upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: upright.transpose(Image.Transpose.ROTATE_180),
        4: upright.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: upright.transpose(Image.Transpose.TRANSPOSE),
        6: upright.transpose(Image.Transpose.ROTATE_90),
        7: upright.transpose(Image.Transpose.TRANSVERSE),
        8: upright.transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    rgb = decode_image(saved(stored, "JPEG", quality=95, exif=exif))
    assert rgb.shape == (20, 40, 3)
    assert np.abs(rgb[:, :16].astype(int) - LEFT).max() < 40


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_a_turn_that_does_not_exist_is_none(value: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = value
    assert decode_image(saved(half_and_half(), "JPEG", exif=exif)).shape == (20, 40, 3)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"Selamat pagi",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"\xff\xd8\xff",
        b"GIF89a",
        saved(half_and_half(400, 200), "PNG")[:-60],
        saved(half_and_half(400, 200), "JPEG")[:600],
        png_header(100, 100),
    ],
    ids=["empty", "nul", "text", "svg", "pdf", "jpeg head", "gif head", "cut png", "cut jpeg", "hollow png"],
)
def test_what_is_no_picture_is_said_so(data: bytes) -> None:
    with pytest.raises(UnreadableImage) as caught:
        decode_image(data)
    assert caught.value.code == "unreadable_image"


@pytest.mark.parametrize("size", [(20_000, 20_000), (2_000_000, 40), (9000, 8000)])
def test_a_giant_is_refused_from_its_header(size: tuple[int, int]) -> None:
    began = monotonic()
    with pytest.raises(ImageTooLarge) as caught:
        decode_image(png_header(*size))
    assert caught.value.code == "image_too_large"
    assert monotonic() - began < 5, "refused from the header, not after decoding"


def test_a_jpeg_of_a_hundred_megapixels_is_read_smaller() -> None:
    rgb = decode_image(saved(half_and_half(10_000, 10_000), "JPEG", quality=50))
    assert max(rgb.shape) <= 4096
    assert np.abs(rgb[:, : rgb.shape[1] // 2 - 4].astype(int) - LEFT).max() < 40


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_is_an_error_or_a_picture_but_never_a_crash(data: st.DataObject) -> None:
    intact = FORMATS[data.draw(st.sampled_from(sorted(FORMATS)))]()
    damaged = bytearray(intact[: data.draw(st.integers(0, len(intact)))])
    for _ in range(data.draw(st.integers(0, 6))):
        if damaged:
            damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        rgb = decode_image(bytes(damaged))
    except (UnreadableImage, ImageTooLarge):
        return
    assert rgb.ndim == 3
    assert rgb.shape[2] == 3
