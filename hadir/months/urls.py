"""Addresses of `hadir.months`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
