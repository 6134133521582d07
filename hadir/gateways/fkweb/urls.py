"""Addresses that FKWeb terminals post to."""

from django.urls import URLPattern, re_path

from hadir.gateways.fkweb import views

urlpatterns: list[URLPattern] = [
    re_path(r"(?i)^/*(?:hdata\.aspx|fkweb)?/*$", views.fkweb, name="fkweb"),
    re_path(r"(?i)^/*fkweb/+(?P<secret>[^/]{1,64})(?:/.*)?$", views.fkweb, name="fkweb-secret"),
]
