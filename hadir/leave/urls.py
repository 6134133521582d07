"""Addresses of leave; those of incidents are in `hadir.planning`, which shows judged days."""

from django.urls import URLPattern, path

from hadir.leave import views

urlpatterns: list[URLPattern] = [
    path("izin/", views.leave, name="leave"),
    path("izin/baru/", views.leave_new, name="leave-new"),
    path("izin/koreksi/", views.corrections, name="corrections"),
    path("izin/koreksi/baru/", views.correction_new, name="correction-new"),
    path("izin/<uuid:request_id>/", views.leave_request, name="leave-request"),
    path("izin/<uuid:request_id>/dokumen/", views.leave_document_add, name="leave-document-add"),
    path("izin/<uuid:request_id>/dokumen/<uuid:document_id>/", views.leave_document, name="leave-document"),
]
