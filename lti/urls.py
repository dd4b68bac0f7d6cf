"""The addresses platforms know. Outside the languages' prefixes: a platform keeps them for years."""

from django.urls import path

from lti.views import (
    choosing,
    classroom,
    keyset,
    launch,
    linking,
    login,
    privacy,
    registering,
    reviewing,
    tickets,
)

app_name = "lti"
urlpatterns = [
    path("login/", login.login, name="login"),
    path("launch/", launch.launch, name="launch"),
    path("enter/", tickets.enter, name="enter"),
    path("jwks/", keyset.jwks, name="jwks"),
    path("register/<str:token>/", registering.register, name="register"),
]

# Pages for people, below the languages' prefixes.
classroom_urls = (
    [
        path("", classroom.index, name="index"),
        path("read/", classroom.read_anew, name="read"),
        path("send/", classroom.send_again, name="send_all"),
        path("send/<uuid:uuid>/", classroom.send_again, name="send"),
        path("nothing/", reviewing.nothing, name="nothing"),
        path("<uuid:uuid>/", reviewing.progress, name="progress"),
        path("<uuid:uuid>/<uuid:quiz>/", reviewing.attempts, name="attempts"),
    ],
    "classroom",
)
privacy_urls = (
    [path("", privacy.page, name="page"), path("erase/", privacy.wish, name="wish")],
    "platform_data",
)
joining_urls = (
    [
        path("join/", linking.offer, name="offer"),
        path("join/code/", linking.enter, name="enter"),
        path("join/sign-in/", linking.change_over, name="change_over"),
        path("join/platforms/", linking.mine, name="mine"),
        path("join/platforms/<uuid:uuid>/part/", linking.part, name="part"),
    ],
    "joining",
)
choosing_urls = (
    [
        path("choose/<uuid:uuid>/", choosing.choose, name="choose"),
        path("choose/<uuid:uuid>/check/", choosing.settle, name="settle"),
        path("choose/<uuid:uuid>/nothing/", choosing.leave, name="leave"),
    ],
    "choosing",
)
