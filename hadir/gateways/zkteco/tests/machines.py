"""A machine that speaks through its secret address."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.test import Client

from hadir.devices.models import Terminal


class Machine:
    """A terminal that speaks through its secret address, at a moment that the test sets."""

    def __init__(self, terminal: Terminal, secret: str, at: Callable[[datetime], None]) -> None:
        self.terminal, self.folder, self.at = terminal, f"/m/{secret}/iclock", at
        self.serial = terminal.serial
        self.address = "10.0.0.7"

    def get(self, rest: str, **extra: Any) -> str:
        path = f"{self.folder}/{rest}{'&' if '?' in rest else '?'}SN={self.serial}"
        return Client().get(path, REMOTE_ADDR=self.address, **extra).content.decode()

    def post(self, rest: str, body: bytes, **extra: Any) -> str:
        path = f"{self.folder}/{rest}{'&' if '?' in rest else '?'}SN={self.serial}"
        response = Client().generic("POST", path, body, content_type="", REMOTE_ADDR=self.address, **extra)
        return response.content.decode()

    def records(self, *moments: str, pin: str = "7") -> str:
        body = "".join(f"{pin}\t{moment}\t0\t15\t0\t0\t0\n" for moment in moments).encode()
        return self.post("cdata?table=ATTLOG", body)

    def known(self) -> Terminal:
        return Terminal.objects.select_related("device").get(pk=self.terminal.pk)
