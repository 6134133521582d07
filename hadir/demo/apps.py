from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "hadir.demo"
    label = "demo"
