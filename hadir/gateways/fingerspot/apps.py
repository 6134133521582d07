from django.apps import AppConfig

from hadir.gateways.fingerspot.webhook import read_sent
from hadir.terminals.reading import register_reader


class FingerspotGatewayConfig(AppConfig):
    name = "hadir.gateways.fingerspot"
    label = "fingerspot"

    def ready(self) -> None:
        """Tell the terminals' room who reads what lay in quarantine."""
        register_reader("fingerspot-cloud", read_sent)
