from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "hadir.imports"
    label = "imports"
