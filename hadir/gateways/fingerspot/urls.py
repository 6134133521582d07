"""The address that fingerspot.io calls."""

from django.urls import URLPattern, re_path

from hadir.gateways.fingerspot import views

urlpatterns: list[URLPattern] = [
    re_path(r"(?i)^/*fingerspot(?:/+(?P<secret>[^/]{1,64}))?(?:/.*)?$", views.webhook, name="fingerspot"),
]
