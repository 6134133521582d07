from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "hadir.planning"
    label = "planning"
