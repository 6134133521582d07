"""Addresses of `hadir.terminals`."""

from django.urls import URLPattern, path

from hadir.terminals import views, views_compare, views_office, views_work

urlpatterns: list[URLPattern] = [
    path("perangkat/", views.devices, name="devices"),
    path("perangkat/inventaris/", views_office.terminals_register, name="terminals-register"),
    path("perangkat/mesin/tambah/", views.terminal_add, name="terminal-add"),
    path("perangkat/mesin/akui/", views_office.terminal_claim, name="terminal-claim"),
    path("perangkat/mesin/<uuid:terminal_id>/", views.terminal, name="terminal"),
    path("perangkat/mesin/<uuid:terminal_id>/peringatan/", views.terminal_alerts_seen, name="terminal-alerts-seen"),
    path("perangkat/mesin/<uuid:terminal_id>/karantina/", views_work.terminal_release, name="terminal-release"),
    path("perangkat/mesin/<uuid:terminal_id>/pasang/", views.terminal_install, name="terminal-install"),
    path("perangkat/mesin/<uuid:terminal_id>/pin/", views_work.terminal_pins, name="terminal-pins"),
    path("perangkat/mesin/<uuid:terminal_id>/jam/", views_work.terminal_clock, name="terminal-clock"),
    path("perangkat/mesin/<uuid:terminal_id>/perintah/", views_work.terminal_commands, name="terminal-commands"),
    path("perangkat/mesin/<uuid:terminal_id>/inventaris/", views_office.terminal_register, name="terminal-register"),
    path("perangkat/mesin/<uuid:terminal_id>/nonaktifkan/", views.terminal_revoke, name="terminal-revoke"),
    path("sekolah/<str:npsn>/banding/", views_compare.comparison_today, name="comparison-today"),
    path("sekolah/<str:npsn>/banding/<str:day>/", views_compare.comparison, name="comparison"),
    path("sekolah/<str:npsn>/banding/<str:day>/xlsx/", views_compare.comparison_xlsx, name="comparison-xlsx"),
]
