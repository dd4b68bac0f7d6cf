"""The style guide's addresses."""

from django.urls import path

from portal.styleguide import views

app_name = "styleguide"
urlpatterns = [
    path("", views.guide, name="guide"),
    path("<slug:anchor>/<int:number>/", views.framed, name="framed"),
]
