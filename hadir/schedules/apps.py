from django.apps import AppConfig


class SchedulesConfig(AppConfig):
    name = "hadir.schedules"
    label = "schedules"
