from django.apps import AppConfig


class TerminalsConfig(AppConfig):
    name = "hadir.terminals"
    label = "terminals"
