"""The addresses platforms know. Outside the languages' prefixes: a platform keeps them for years."""

from django.urls import path

from lti.views import keyset, launch, login, registering

app_name = "lti"
urlpatterns = [
    path("login/", login.login, name="login"),
    path("launch/", launch.launch, name="launch"),
    path("jwks/", keyset.jwks, name="jwks"),
    path("register/<str:token>/", registering.register, name="register"),
]
