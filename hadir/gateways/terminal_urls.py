"""Addresses that terminals call, behind `door.TerminalDoorMiddleware` and before every other middleware."""

from django.urls import URLPattern

from hadir.gateways.aiface.urls import urlpatterns as aiface
from hadir.gateways.fingerspot.urls import urlpatterns as fingerspot
from hadir.gateways.fkweb.urls import urlpatterns as fkweb
from hadir.gateways.hikvision.urls import urlpatterns as hikvision
from hadir.gateways.zkteco.urls import urlpatterns as zkteco

urlpatterns: list[URLPattern] = [*zkteco, *hikvision, *fkweb, *fingerspot, *aiface]
