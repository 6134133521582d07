from django.urls import URLPattern, path

from hadir.gateways.agent import views, views_keys

urlpatterns: list[URLPattern] = [
    path("api/agent/v1/batches", views.batches, name="agent-batches"),
    path("perangkat/agen/", views_keys.agent_keys, name="agent-keys"),
]
