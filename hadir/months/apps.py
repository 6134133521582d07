from django.apps import AppConfig


class MonthsConfig(AppConfig):
    name = "hadir.months"
    label = "months"
