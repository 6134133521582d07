"""Every text on a screen is Indonesian in the code and English in the catalogue."""

from tools.messages import LANGUAGES, collect, faults


def test_every_text_has_its_translation():
    assert [line for language in LANGUAGES for line in faults(language)] == []


def test_texts_are_found_at_all():
    assert sum(bool(message.id) for message in collect()) > 50
