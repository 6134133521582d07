from django.apps import AppConfig


class CliConfig(AppConfig):
    name = "hadir.cli"
    label = "cli"
