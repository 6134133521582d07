from django.apps import AppConfig

from hadir.gateways.fkweb.reading import read_sent
from hadir.terminals.reading import register_reader


class FkwebGatewayConfig(AppConfig):
    name = "hadir.gateways.fkweb"
    label = "fkweb"

    def ready(self) -> None:
        """Tell the terminals' room who reads what lay in quarantine."""
        register_reader("fkweb", read_sent)
