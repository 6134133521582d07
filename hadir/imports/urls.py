from django.urls import URLPattern, path

from hadir.imports import views

urlpatterns: list[URLPattern] = [
    path("impor/", views.import_staff, name="import"),
    path("impor/sekolah/", views.import_schools, name="import-schools"),
    path("impor/<uuid:batch_id>/", views.batch, name="import-batch"),
]
