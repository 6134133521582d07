"""Addresses of `hadir.terminals`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
