from django.urls import URLPattern, path

from hadir.accounts import views, views_account, views_people

urlpatterns: list[URLPattern] = [
    path("masuk/", views.login, name="login"),
    path("keluar/", views.logout, name="logout"),
    path("bahasa/", views.set_language, name="set-language"),
    path("akun/", views_account.account, name="account"),
    path("orang/tambah/", views_people.person_add, name="person-add"),
]
