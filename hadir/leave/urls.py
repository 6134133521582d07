"""Addresses of `hadir.leave`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
