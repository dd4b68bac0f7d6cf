"""Addresses of certificates, below the language."""

from django.urls import path

from certificates import views

app_name = "certificates"
urlpatterns = [
    path("verify/", views.check, name="check"),
    path("verify/<str:token>/", views.verify, name="verify"),
    path("certificates/name/", views.name, name="name"),
    path("certificates/<uuid:uuid>/pdf/", views.pdf, name="pdf"),
]
