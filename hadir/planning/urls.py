"""Addresses of schedules, rule packs and incidents."""

from django.urls import URLPattern, path

from hadir.planning import views, views_evidence, views_incidents, views_packs, views_silence

urlpatterns: list[URLPattern] = [
    path("jadwal/", views.schedules, name="schedules"),
    path("jadwal/baris/<str:kind>/<uuid:row_id>/", views.schedule_row, name="schedule-row"),
    path("jadwal/<str:place>/", views.schedule, name="schedule"),
    path("jadwal/<str:place>/tambah/<str:kind>/", views.schedule_add, name="schedule-add"),
    path("izin/kejadian/", views_incidents.incidents, name="incidents"),
    path("izin/kejadian/baru/", views_incidents.incident_new, name="incident-new"),
    path("izin/kejadian/usulan/", views_silence.incident_proposals, name="incident-proposals"),
    path("izin/kejadian/<uuid:incident_id>/", views_incidents.incident, name="incident"),
    path(
        "izin/kejadian/<uuid:incident_id>/dokumen/", views_evidence.incident_document_add, name="incident-document-add"
    ),
    path(
        "izin/kejadian/<uuid:incident_id>/dokumen/<uuid:document_id>/",
        views_evidence.incident_document,
        name="incident-document",
    ),
    path("aturan/", views_packs.packs, name="rule-packs"),
    path("aturan/baru/", views_packs.pack_new, name="rule-pack-new"),
    path("aturan/<str:name>/", views_packs.pack, name="rule-pack"),
    path("aturan/<str:name>/berkas/", views_packs.pack_file, name="rule-pack-file"),
    path("aturan/<str:name>/coba/", views_packs.pack_try, name="rule-pack-try"),
    path("aturan/<str:name>/pakai/", views_packs.pack_choose, name="rule-pack-choose"),
]
