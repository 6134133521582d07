from django.apps import AppConfig
from django.conf import settings

from hadir.gateways.hikvision.push import read_body
from hadir.terminals.reading import Reading, Sent, register_reader


class HikvisionGatewayConfig(AppConfig):
    name = "hadir.gateways.hikvision"
    label = "hikvision"

    def ready(self) -> None:
        """Tell the terminals' room who reads what lay in quarantine."""
        register_reader("hikvision", _read_sent)


def _read_sent(sent: Sent) -> Reading:
    return read_body(sent.body, settings.HADIR_HIKVISION_KINDS).reading
