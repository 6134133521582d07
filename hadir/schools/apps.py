from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "hadir.schools"
    label = "schools"
