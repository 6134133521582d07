from django.apps import AppConfig

from hadir.gateways.hikvision.push import read_sent
from hadir.terminals.reading import register_reader


class HikvisionGatewayConfig(AppConfig):
    name = "hadir.gateways.hikvision"
    label = "hikvision"

    def ready(self) -> None:
        """Tell the terminals' room who reads what lay in quarantine."""
        register_reader("hikvision", read_sent)
