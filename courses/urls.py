"""Addresses of what learners do. Pages have their own, from Wagtail."""

from django.urls import path

from courses.views import attempts, learning

app_name = "courses"
urlpatterns = [
    path("learn/<uuid:uuid>/enrol/", learning.enrol, name="enrol"),
    path("learn/<uuid:uuid>/finish/", learning.finish_lesson, name="finish_lesson"),
    path("learn/<uuid:uuid>/checks/<slug:check_id>/", learning.answer_check, name="answer_check"),
    path("learn/<uuid:uuid>/start/", attempts.start, name="start"),
    path("attempts/<uuid:uuid>/", attempts.attempt, name="attempt"),
    path("attempts/<uuid:uuid>/save/", attempts.autosave, name="autosave"),
    path("attempts/<uuid:uuid>/review/", attempts.review, name="review"),
    path("attempts/<uuid:uuid>/finish/", attempts.finish, name="finish"),
    path("attempts/<uuid:uuid>/reveal/", attempts.reveal, name="reveal"),
    path("attempts/<uuid:uuid>/result/", attempts.result, name="result"),
]
