"""The picker's addresses, under the language."""

from django.urls import path

from lti.views import choosing

app_name = "choosing"
urlpatterns = [
    path("choose/<uuid:uuid>/", choosing.choose, name="choose"),
    path("choose/<uuid:uuid>/check/", choosing.settle, name="settle"),
    path("choose/<uuid:uuid>/nothing/", choosing.leave, name="leave"),
]
