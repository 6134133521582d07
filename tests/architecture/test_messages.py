"""Every text on a screen is Indonesian in the code and English in the catalogue."""

from pathlib import Path

import pytest

from tools.messages import LANGUAGES, collect, faults, placeholders, texts_in

CASES = [
    ("a.py", '_("Halo")', [(("Halo",), None)]),
    ("a.py", '_("Satu "\n  "baris")', [(("Satu baris",), None)]),
    ("a.py", 'ngettext("satu", "banyak %(n)d", n)', [(("satu", "banyak %(n)d"), None)]),
    ("a.py", 'pgettext_lazy("bulan", "Mei")', [(("Mei",), "bulan")]),
    ("a.py", "_(name)", []),
    ("a.html", '{% trans "Halo" %}', [(("Halo",), None)]),
    ("a.html", '  <p>don\'t</p>\n {% translate "100%" context "nilai" %}', [(("100%%",), "nilai")]),
    ("a.html", '{{ x|default:_("kosong") }}', [(("kosong",), None)]),
    (
        "a.html",
        "{% blocktranslate trimmed count n=n %}\n  {{ n }} x\n{% plural %}\n  {{ n }} x\n{% endblocktranslate %}",
        [(("%(n)s x", "%(n)s x"), None)],
    ),
]


@pytest.mark.parametrize(("name", "source", "expected"), CASES)
def test_texts_are_found(tmp_path: Path, name: str, source: str, expected: list[tuple[tuple[str, ...], str | None]]):
    path = tmp_path / name
    path.write_text(source, encoding="utf-8")
    assert [(text.forms, text.context) for text in texts_in(path)] == expected


def test_placeholders_are_compared_whatever_their_order():
    assert placeholders("%(a)s dari {b}") == placeholders("{b} of %(a)s") != placeholders("%(a)s")


def test_every_text_has_its_translation():
    assert [line for language in LANGUAGES for line in faults(language)] == []


def test_the_product_has_texts():
    assert sum(bool(message.id) for message in collect()) > 50
