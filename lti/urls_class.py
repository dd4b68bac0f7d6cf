"""The addresses of the class view, below the language."""

from django.urls import path

from lti.views import classroom

app_name = "classroom"
urlpatterns = [
    path("", classroom.index, name="index"),
    path("read/", classroom.read_anew, name="read"),
    path("send/", classroom.send_again, name="send_all"),
    path("send/<uuid:uuid>/", classroom.send_again, name="send"),
]
