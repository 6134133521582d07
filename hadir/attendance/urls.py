"""Addresses of the decisions about days."""

from django.urls import URLPattern, path

from hadir.attendance import views

urlpatterns: list[URLPattern] = [
    path("hari-ini/<str:npsn>/lengkap/<str:day>/", views.board_complete, name="board-complete"),
    path("catatan-jam/", views.clock_reviews, name="clock-reviews"),
    path("catatan-jam/<uuid:scan_id>/", views.clock_review, name="clock-review"),
]
