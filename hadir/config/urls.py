"""Every address of Hadir, by app."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("hadir.accounts.urls")),
    path("", include("hadir.reports.urls")),
    path("", include("hadir.people.urls")),
    path("", include("hadir.enrolment.urls")),
    path("", include("hadir.devices.urls")),
]
