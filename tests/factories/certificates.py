"""Completed courses, ready for a certificate."""

from __future__ import annotations

import datetime
import uuid

import factory
from django.utils import timezone

from courses.models import Activity, ActivityVersion, Completion, Enrolment
from tests.factories.people import UserFactory


class CourseActivityFactory(factory.django.DjangoModelFactory):
    """A course as something people complete."""

    class Meta:
        model = Activity

    kind = Activity.Kind.COURSE
    translation_key = factory.LazyFunction(uuid.uuid4)
    title = "Informacijos paieška ir vertinimas"


class CourseVersionFactory(factory.django.DjangoModelFactory):
    """The course as it was published; ``payload__…`` changes what the certificate takes from it."""

    class Meta:
        model = ActivityVersion

    activity = factory.SubFactory(CourseActivityFactory)
    language = "lt"
    number = 1
    sha256 = "0" * 64
    payload = factory.Dict(
        {
            "title": "Informacijos paieška ir vertinimas",
            "competences": "skaitmeninio turinio vertinimo ir paieškos strategijų",
            "hours": 16,
            "certificate": True,
            "url": "/lt/kursai/paieska/",
            "outline": [],
        }
    )


class EnglishVersionFactory(CourseVersionFactory):
    """The same course as it was published in English."""

    language = "en"
    payload = factory.Dict(
        {
            "title": "Finding and judging information",
            "competences": "searching for information and judging digital sources",
            "hours": 16,
            "certificate": True,
            "url": "/lt/kursai/paieska/",
            "outline": [],
        }
    )


def moment(*when: int) -> datetime.datetime:
    return datetime.datetime(*when, tzinfo=timezone.get_default_timezone())


class EnrolmentFactory(factory.django.DjangoModelFactory):
    """Živilė takes the course."""

    class Meta:
        model = Enrolment

    user = factory.SubFactory(
        UserFactory, first_name="Živilė", last_name="Šeškauskaitė-Čepulienė", email="zivile@kelrodis.example"
    )
    course = factory.SubFactory(CourseActivityFactory)
    source = Enrolment.Source.SELF
    started_at = moment(2026, 10, 6, 9)


class CompletionFactory(factory.django.DjangoModelFactory):
    """Živilė has completed the course."""

    class Meta:
        model = Completion

    class Params:
        version = factory.SubFactory(CourseVersionFactory)

    course_version = factory.SelfAttribute("version")
    enrolment = factory.SubFactory(EnrolmentFactory, course=factory.SelfAttribute("..version.activity"))
    evidence = factory.List([])
    completed_at = moment(2026, 10, 27, 17)
