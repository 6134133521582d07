from django.urls import URLPattern, path

from hadir.devices import views

urlpatterns: list[URLPattern] = [
    path("perangkat/tambah/", views.device_add, name="device-add"),
    path("perangkat/<uuid:device_id>/", views.device, name="device"),
    path("perangkat/<uuid:device_id>/tautan/", views.device_invite, name="device-invite"),
    path("perangkat/<uuid:device_id>/nonaktifkan/", views.device_revoke, name="device-revoke"),
]
