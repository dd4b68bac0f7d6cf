"""Addresses of what readers do. Pages have their own, from Wagtail."""

from django.urls import path

from portal.catalogue.views import readers

app_name = "catalogue"
urlpatterns = [
    path("resources/<uuid:key>/search/", readers.search, name="search"),
    path("reading/<uuid:key>/<slug:item>/", readers.mark, name="mark"),
    path("ask/<uuid:key>/", readers.ask, name="ask"),
]
