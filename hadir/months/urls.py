"""Addresses of months."""

from django.urls import URLPattern, path

from hadir.months import views

urlpatterns: list[URLPattern] = [
    path("bulan/", views.months, name="months"),
    path("bulan/<str:npsn>/<str:month>/", views.month, name="month"),
    path("bulan/<str:npsn>/<str:month>/periksa/", views.month_check, name="month-check"),
    path("bulan/<str:npsn>/<str:month>/tanda-tangan/", views.month_sign, name="month-sign"),
    path("bulan/<str:npsn>/<str:month>/buka/", views.month_reopen, name="month-reopen"),
]
