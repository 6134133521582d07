from django.urls import URLPattern, path

from hadir.reports import views, views_day, views_documents, views_people, views_region, views_year

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("hari-ini/", views.today, name="today"),
    path("hari-ini/<str:npsn>/", views.board, name="board"),
    path("hari-ini/<str:npsn>/isi/", views.board_body, name="board-body"),
    path("hari-ini/<str:npsn>/unduh.csv", views.board_csv, name="board-csv"),
    path("belum-terdengar/", views_region.silent, name="silent"),
    path("orang/", views_people.people, name="people"),
    path("orang/<uuid:person_id>/", views_year.person, name="person"),
    path("laporan/", views_documents.reports, name="reports"),
    path("laporan/tpp.xlsx", views_documents.tpp, {"form": "xlsx"}, name="tpp-xlsx"),
    path("laporan/tpp.csv", views_documents.tpp, {"form": "csv"}, name="tpp-csv"),
    path("laporan/pp94.xlsx", views_documents.pp94, name="pp94-xlsx"),
    path("laporan/<str:npsn>/<str:month>/rekap.xlsx", views_documents.rekap, {"form": "xlsx"}, name="rekap-xlsx"),
    path("laporan/<str:npsn>/<str:month>/rekap.pdf", views_documents.rekap, {"form": "pdf"}, name="rekap-pdf"),
    path("laporan/<str:npsn>/<str:month>/sptjm.pdf", views_documents.sptjm, name="sptjm-pdf"),
    path(
        "laporan/orang/<uuid:person_id>/<int:year>/tahun.pdf",
        views_documents.year,
        {"form": "pdf"},
        name="year-pdf",
    ),
    path(
        "laporan/orang/<uuid:person_id>/<int:year>/tahun.xlsx",
        views_documents.year,
        {"form": "xlsx"},
        name="year-xlsx",
    ),
    path("orang/<uuid:person_id>/hari/<str:day>/", views_day.person_day, name="person-day"),
]
