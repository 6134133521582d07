from django.urls import URLPattern, path

from hadir.reports import views, views_day, views_people, views_region, views_year

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("hari-ini/", views.today, name="today"),
    path("hari-ini/<str:npsn>/", views.board, name="board"),
    path("hari-ini/<str:npsn>/isi/", views.board_body, name="board-body"),
    path("hari-ini/<str:npsn>/unduh.csv", views.board_csv, name="board-csv"),
    path("belum-terdengar/", views_region.silent, name="silent"),
    path("orang/", views_people.people, name="people"),
    path("orang/<uuid:person_id>/", views_year.person, name="person"),
    path("orang/<uuid:person_id>/hari/<str:day>/", views_day.person_day, name="person-day"),
]
