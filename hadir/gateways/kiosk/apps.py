from django.apps import AppConfig


class KioskGatewayConfig(AppConfig):
    name = "hadir.gateways.kiosk"
    label = "kiosk_gateway"
