"""Addresses of the push door. A catch-all: what is answered with an HTML 404 is sent again for ever."""

from django.urls import URLPattern, re_path

from hadir.gateways.zkteco.views import iclock

urlpatterns: list[URLPattern] = [
    re_path(r"(?i)^/*iclock(?:/+iclock)*(?:/+(?P<rest>.*))?$", iclock, name="iclock"),
    re_path(r"(?i)^/*m/+(?P<secret>[a-z0-9]{1,64})(?:/+iclock)*(?:/+(?P<rest>.*))?$", iclock, name="iclock-secret"),
]
