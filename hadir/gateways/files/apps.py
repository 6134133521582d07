from django.apps import AppConfig


class ScanFilesConfig(AppConfig):
    name = "hadir.gateways.files"
    label = "scanfiles"
