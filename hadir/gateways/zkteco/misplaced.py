"""Lines of attendance where none belong: posted for another table or to another address. Pure: bytes in, text out.

What a machine means by them nobody knows, so they are no records; but they must not vanish either.
"""

import re
from codecs import BOM_UTF8

from hadir.gateways.zkteco.attlog import clean_line
from hadir.gateways.zkteco.lines import decode

_MOMENT = rb"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}"
_LINE = re.compile(
    rb"^(?:[^\t\r\n,]{1,80}[\t,](?:date)?(?:time=)?%b|time=%b[^\r\n]*\tpin=)[^\r\n]*" % (_MOMENT, _MOMENT),
    re.IGNORECASE | re.MULTILINE,
)
"""A PIN and a time behind it, with or without their names; or an event of the access-control dialect with a PIN."""


def find_misplaced(body: bytes) -> tuple[str, ...]:
    """Return the lines that look like records of attendance, as they may be kept. Acts and users do not look so."""
    return tuple(clean_line(decode(found[0])) for found in _LINE.finditer(body.removeprefix(BOM_UTF8)))
