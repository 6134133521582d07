"""Setting a form: a .typ template of this folder and data as JSON, nothing else, become PDF or PNG.

The data is passed as one input of the document and never becomes part of its source, so no name can be markup.
"""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import typst

from hadir.core.errors import HadirError

TEMPLATES = Path(__file__).parent / "typ"
LETTERS = Path(__file__).resolve().parents[3] / "build" / "fonts"
log = logging.getLogger(__name__)


@cache
def letters() -> typst.Fonts:
    """Return the project's fonts and the typesetter's own; those of the machine are left out, so that a form looks the
    same everywhere."""
    folders = [str(LETTERS)] if LETTERS.is_dir() else []
    if not folders:
        log.warning("no fonts in build/fonts: forms are set in the typesetter's own; run `make build/fonts/.ready`")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)


class Form:
    """A template with its data, ready to be set. Not for several threads at once."""

    def __init__(self, template: str, data: Mapping[str, Any], *, now: datetime) -> None:
        self._now = now
        self._compiler = typst.Compiler(
            TEMPLATES / template,
            root=TEMPLATES,
            font_paths=letters(),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False, default=str)},
        )

    def page_of(self, label: str) -> int:
        """Return the page on which the template marked something with this label."""
        return int(json.loads(self._compiler.query(f"<{label}>", field="value", one=True)))

    def pdf(self, *, tagged: bool = True) -> bytes:
        """Return the PDF, tagged for screen readers. Raises HadirError `document_failed`.

        Tags make a table of a thousand cells four times as large and as slow; the same figures are in a spreadsheet
        beside it, so large tables go without.
        """
        return self._set("pdf", tagged=tagged)[0]

    def pictures(self, ppi: float = 110) -> list[bytes]:
        """Return one PNG a page, for people who look at them. Raises HadirError `document_failed`."""
        return self._set("png", ppi=ppi)

    def _set(self, kind: Literal["pdf", "png"], ppi: float | None = None, *, tagged: bool = True) -> list[bytes]:
        moment = int(self._now.timestamp())
        try:
            made = self._compiler.compile(format=kind, ppi=ppi, timestamp=moment, pdf_tags=tagged)
        except typst.TypstError as error:
            log.exception("a form could not be set")
            raise HadirError("document_failed") from error
        return made if isinstance(made, list) else [cast("bytes", made)]
