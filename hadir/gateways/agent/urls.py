from django.urls import URLPattern, path

from hadir.gateways.agent import views

urlpatterns: list[URLPattern] = [
    path("api/agent/v1/batches", views.batches, name="agent-batches"),
]
