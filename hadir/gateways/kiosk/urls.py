"""Addresses of the kiosk apart from its API, which `config.api` mounts."""

from django.urls import path

from hadir.gateways.kiosk import views

urlpatterns = [
    path("kios/", views.kiosk, name="kiosk"),
    path("kios/sw.js", views.worker, name="kiosk-worker"),
    path("model/<str:pack>/<str:name>", views.model_file, name="model-file"),
    path("contoh/<str:name>", views.sample, name="kiosk-sample"),
]
