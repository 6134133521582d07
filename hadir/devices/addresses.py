"""Where a terminal calls, by the language it speaks: what an installer types into its menu."""

from django.conf import settings

from hadir.devices.models import DeviceKind

LOCAL = "http://localhost:8000"

_PATHS = {
    DeviceKind.ZKTECO: "/m/{secret}",
    DeviceKind.HIKVISION: "/hik/{secret}",
    DeviceKind.FINGERSPOT_CLOUD: "/fingerspot/{secret}",
    DeviceKind.FKWEB: "/",
    DeviceKind.AIFACE: "/pub/chat",
    DeviceKind.FILE: "/perangkat/berkas/",
}
_SECRETLESS = frozenset({DeviceKind.FKWEB, DeviceKind.AIFACE, DeviceKind.FILE})
"""Kinds whose machines cannot carry a secret in their address."""


def terminal_address(kind: str, secret: str, *, base: str = "") -> str:
    """Return the address for a terminal's menu. An ADMS terminal puts `/iclock/...` behind it by itself.

    `base`: scheme, host and port; HADIR_PUBLIC_URL where it is empty.
    """
    start = (base or settings.PUBLIC_URL or LOCAL).rstrip("/")
    if kind == DeviceKind.AIFACE:
        start = start.replace("http", "ws", 1)
    return start + _PATHS[DeviceKind(kind)].format(secret=secret)


def has_secret(kind: str) -> bool:
    """Tell whether machines of this kind can prove themselves by the secret in their address."""
    return DeviceKind(kind) not in _SECRETLESS
