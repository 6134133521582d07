"""The words of commands for ADMS terminals. Pure. Values never end a field or a line, whatever a name holds.

Dialect 2.x after the vendor's push manual; the access-control dialect (3.x) knows people by table and no more.
CLEAR, SHELL, PutFile, GetFile and UPGRADE do not exist here: a terminal's records and programs are never touched.
"""

from datetime import datetime

LONGEST_NAME = 24
"""What every display seen takes; longer names are cut by the terminal in the middle of a letter."""


def clean_value(text: str) -> str:
    """Return a value without anything that ends a field, a line or a text: TAB, CR, LF, NUL and other controls."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def add_person(pin: str, name: str, *, access_control: bool = False) -> str:
    """Put a person on a terminal: PIN and name, no rights, no password, no card. All fields, or the rest is blanked."""
    pin, name = clean_value(pin), clean_value(name)[:LONGEST_NAME]
    if access_control:
        return f"DATA UPDATE user Pin={pin}\tName={name}"
    return f"DATA UPDATE USERINFO PIN={pin}\tName={name}\tPri=0\tPasswd=\tCard=\tGrp=1\tTZ=0000000100000000\tVerify=0"


def remove_person(pin: str, *, access_control: bool = False) -> str:
    """Take a person off a terminal."""
    return f"DATA DELETE {'user Pin' if access_control else 'USERINFO PIN'}={clean_value(pin)}"


def resend(first: datetime, last: datetime) -> str:
    """Ask for the records between two local times again."""
    return f"DATA QUERY ATTLOG {_span(first, last)}"


def reconcile(first: datetime, last: datetime) -> str:
    """Ask how many records the terminal holds between two local times."""
    return f"VERIFY SUM ATTLOG {_span(first, last)}"


def _span(first: datetime, last: datetime) -> str:
    return f"StartTime={first:%Y-%m-%d %H:%M:%S}\tEndTime={last:%Y-%m-%d %H:%M:%S}"


PLAIN = {"time": "CHECK", "info": "INFO", "send_new": "LOG", "users": "DATA QUERY USERINFO"}
"""Commands without values. CHECK makes the terminal read its options anew, and with them date and time zone."""
