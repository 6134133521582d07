from django.apps import AppConfig

from hadir.gateways.zkteco.uploads import read_sent
from hadir.terminals.reading import register_reader


class ZktecoGatewayConfig(AppConfig):
    name = "hadir.gateways.zkteco"
    label = "zkteco_gateway"

    def ready(self) -> None:
        """Tell the terminals' room who reads what lay in quarantine."""
        register_reader("zkteco", read_sent)
