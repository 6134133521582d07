"""Every address of Hadir, by app."""

from django.urls import URLPattern, URLResolver, include, path

from hadir.config.api import api, unknown_address
from hadir.config.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("sehat/", health, name="health"),
    path("", include("hadir.gateways.agent.urls")),
    path("api/", unknown_address),
    path("api/", api.urls),
    path("api/<path:rest>", unknown_address),
    path("", include("hadir.gateways.kiosk.urls")),
    path("", include("hadir.accounts.urls")),
    path("", include("hadir.attendance.urls")),
    path("", include("hadir.reports.urls")),
    path("", include("hadir.enrolment.urls")),
    path("", include("hadir.gateways.files.urls")),
    path("", include("hadir.devices.urls")),
    path("", include("hadir.imports.urls")),
    path("", include("hadir.planning.urls")),
    path("", include("hadir.leave.urls")),
    path("", include("hadir.months.urls")),
    path("", include("hadir.terminals.urls")),
]
