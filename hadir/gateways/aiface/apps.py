from django.apps import AppConfig

from hadir.gateways.aiface.reading import read_sent
from hadir.terminals.reading import register_reader


class AifaceGatewayConfig(AppConfig):
    name = "hadir.gateways.aiface"
    label = "aiface"

    def ready(self) -> None:
        """Tell the terminals' room who reads what lay in quarantine."""
        register_reader("aiface", read_sent)
