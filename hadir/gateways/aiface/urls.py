"""The address that AiFace terminals post to."""

from django.urls import URLPattern, re_path

from hadir.gateways.aiface import views

urlpatterns: list[URLPattern] = [
    re_path(r"(?i)^/*pub/api(?:/+(?P<secret>[^/]{1,64}))?/*$", views.message, name="aiface"),
]
