from django.urls import URLPattern, path

from hadir.gateways.files import views

urlpatterns: list[URLPattern] = [
    path("perangkat/berkas/", views.scan_files, name="scan-files"),
    path("perangkat/berkas/<uuid:file_id>/", views.scan_file, name="scan-file"),
]
