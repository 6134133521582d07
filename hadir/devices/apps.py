from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "hadir.devices"
    label = "devices"
