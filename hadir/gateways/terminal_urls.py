"""Addresses that terminals call, behind `door.TerminalDoorMiddleware` and before every other middleware."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
