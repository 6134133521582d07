from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hadir.people"
    label = "people"
