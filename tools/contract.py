"""Write `contract/openapi.json` from the server's API, or check that it is up to date.

python tools/contract.py write | check
"""

import os
import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
OPENAPI = ROOT / "contract" / "openapi.json"


def api_document() -> str:
    """Return the OpenAPI document of the running code."""
    from hadir.config.api import openapi_document  # noqa: PLC0415  # needs Django set up

    return openapi_document()


def main() -> int:
    """Do what the command line asks."""
    if sys.argv[1:] not in (["write"], ["check"]):
        sys.stderr.write("usage: contract.py write|check\n")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hadir.config.settings")
    django.setup()
    document = api_document()
    if sys.argv[1] == "write":
        OPENAPI.parent.mkdir(exist_ok=True)
        OPENAPI.write_text(document, encoding="utf-8")
        return 0
    same = OPENAPI.exists() and OPENAPI.read_text(encoding="utf-8") == document
    if not same:
        sys.stdout.write("contract/openapi.json is not what the server offers: make contract\n")
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
