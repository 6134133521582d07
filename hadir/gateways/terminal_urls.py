"""Addresses that terminals call, behind `door.TerminalDoorMiddleware` and before every other middleware."""

from django.urls import URLPattern

from hadir.gateways.zkteco.urls import urlpatterns as zkteco

urlpatterns: list[URLPattern] = [*zkteco]
