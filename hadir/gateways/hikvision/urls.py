"""Addresses that Hikvision terminals push to; what stands behind the secret is the terminal's own business."""

from django.urls import URLPattern, re_path

from hadir.gateways.hikvision import views

urlpatterns: list[URLPattern] = [
    re_path(r"(?i)^/*hik(?:/+(?P<secret>[^/]{1,64}))?(?:/.*)?$", views.events, name="hikvision"),
]
