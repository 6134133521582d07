from django.urls import URLPattern, path

from hadir.enrolment import views

urlpatterns: list[URLPattern] = [
    path("orang/<uuid:person_id>/wajah/", views.enrol, name="enrol"),
    path("orang/<uuid:person_id>/wajah/hapus/", views.enrol_delete, name="enrol-delete"),
    path("wajah/periksa/", views.reviews, name="reviews"),
    path("wajah/periksa/<uuid:review_id>/", views.review, name="review"),
]
