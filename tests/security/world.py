"""Everybody the portal knows, each with a browser, and one of every thing they might reach for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.test import Client
from django.utils.timezone import now
from wagtail.models import Site

from certificates.flows.issuing import issue
from certificates.flows.rendering import render
from certificates.models import Credential
from courses.flows import attempting, enrolment, grading
from courses.models import Attempt
from portal.directory.flows.roles import grant
from portal.directory.models import Affiliation, Library, Role, User
from portal.keeping.flows import exporting
from portal.keeping.models import Erasure, Export
from portal.outbox.models import Delivery
from tests.factories.certificates import CompletionFactory
from tests.factories.courses import CHECK, Course, make_course
from tests.factories.lti import Launcher, Network, Platform
from tests.factories.people import LibraryFactory, UserFactory

BACKEND = "portal.directory.backends.EmailBackend"


def somebody(first_name: str, last_name: str, works_at: Library | None = None, **role: Any) -> User:
    """Make a person, with a confirmed place of work and a role where these are given."""
    person = UserFactory(first_name=first_name, last_name=last_name)
    if works_at is not None:
        Affiliation.objects.create(
            user=person, library=works_at, confirmed=True, date_from=date(2026, 1, 1), job_title="Darbuotoja"
        )
    if role:
        grant(user=person, by=None, **role)
    return User.objects.get(pk=person.pk)


def make_people() -> dict[str, User]:
    """Return the people with accounts, by what they are."""
    a = LibraryFactory(name_lt="Alytaus biblioteka")
    b = LibraryFactory(name_lt="Varėnos biblioteka", municipality=a.municipality)
    territory = a.municipality.territory
    return {
        "owner": somebody("Austėja", "Žvirblytė", a),
        "learner": somebody("Benas", "Šalčius"),
        "librarian": somebody("Živilė", "Čepulienė", a),
        "coordinator A": somebody("Rasa", "Stonkutė", a, role=Role.LIBRARY_COORDINATOR, library=a),
        "coordinator B": somebody("Jonas", "Ąžuolas", b, role=Role.LIBRARY_COORDINATOR, library=b),
        "territory": somebody("Ieva", "Ūsaitė", b, role=Role.TERRITORY_COORDINATOR, territory=territory),
        "author": somebody("Eglė", "Įmantė", role=Role.AUTHOR),
        "editor": somebody("Tomas", "Šimkus", role=Role.EDITOR),
        "administrator": somebody("Lina", "Ėringytė", role=Role.ADMINISTRATOR),
    }


@dataclass
class World:
    """The course, Austėja's records in it, and a session for each kind of person."""

    course: Course = field(default_factory=make_course)
    people: dict[str, User] = field(default_factory=make_people)
    network: Network = field(default_factory=Network)
    sessions: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, person in self.people.items():
            browser = Client()
            browser.force_login(person, backend=BACKEND)
            self.sessions[name] = browser.cookies["sessionid"].value
        self.running, self.finished = self._attempts()
        self.credential = self._credential()
        self.delivery = Delivery.objects.latest("pk")
        self.export = self._export()
        self.erased, self.waiting = (
            Erasure.objects.create(user=UserFactory(), state=state, due_at=now())
            for state in ("done", "waiting")
        )

    def launch_people(self) -> None:
        """Let a student and a teacher come from Moodle, in its frame."""
        moodle = Platform("https://moodle.example", self.network)
        membership = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
        for name, number, role in (("student", "2001", "Learner"), ("teacher", "2002", "Instructor")):
            browser = Client()
            browser.cookies["kelrodis_frame"] = "1"
            launcher = Launcher(moodle, browser, self.course.quiz_activity, dest="iframe")
            response = launcher.launch(sub=number, roles=[membership + role])
            assert response.status_code == 302, response.text
            self.sessions[name] = browser.cookies["sessionid"].value

    def browser(self, name: str) -> Client:
        """Return a browser of this person's, as it was when they had just come in."""
        client = Client(raise_request_exception=False)
        if name != "anonymous":
            client.cookies["sessionid"] = self.sessions[name]
        return client

    def _attempts(self) -> tuple[Attempt, Attempt]:
        quiz = self.course.quiz_activity
        enrolled = enrolment.ensure(user=self.people["owner"], course=self.course.activity, source="self")
        first = attempting.start(enrolment=enrolled, quiz=quiz, language="lt", preview=False)
        grading.submit(attempt=first)
        second = attempting.start(enrolment=enrolled, quiz=quiz, language="lt", preview=False)
        return second, first

    def _credential(self) -> Credential:
        credential = issue(completion=CompletionFactory(enrolment__user=self.people["owner"]))
        render(credential=credential)
        return credential

    def _export(self) -> Export:
        export = exporting.ask(user=self.people["owner"])
        exporting.make(export=export)
        return export

    def arguments(self) -> dict[str, dict[str, Any]]:
        """Return what stands in an address for each kind of thing."""
        return {
            "course": {"uuid": self.course.activity.uuid},
            "lesson": {"uuid": self.course.lesson_activity(0).uuid},
            "check": {"uuid": self.course.lesson_activity(1).uuid, "check_id": CHECK},
            "quiz": {"uuid": self.course.quiz_activity.uuid},
            "running": {"uuid": self.running.uuid},
            "finished": {"uuid": self.finished.uuid},
            "credential": {"uuid": self.credential.uuid},
            "token": {"token": self.credential.token},
            "page": {"key": self.course.page.translation_key},
            "delivery": {"pk": self.delivery.pk},
            "no delivery": {"pk": 999_999},
            "export": {"uuid": self.export.uuid},
            "receipt": {"uuid": self.erased.uuid},
            "waiting receipt": {"uuid": self.waiting.uuid},
            "erasure": {"pk": self.waiting.pk},
            "somebody": {"pk": self.people["learner"].pk},
            "edit": {"page_id": self.course.page.pk},
            "settings": {
                "app_name": "certificates",
                "model_name": "certificatesettings",
                "pk": Site.objects.get().pk,
            },
        }
