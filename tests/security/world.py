"""Everybody the portal knows, in two territories, each with a browser, and one of every thing they might reach for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.test import Client
from django.utils.timezone import now
from lti_tool.models import LtiUser
from wagtail.models import Collection, CollectionViewRestriction, Site

from certificates.flows.issuing import issue
from certificates.flows.rendering import LETTERS, render
from courses.flows import attempting, enrolment, grading
from lti.flows.invitations import Wishes, invite
from lti.models import Selection
from portal.catalogue.flows import questions
from portal.catalogue.models import Question
from portal.directory.flows.roles import grant
from portal.directory.models import Affiliation, Invitation, Library, Role, RoleAssignment, User
from portal.keeping.flows import exporting
from portal.keeping.models import Erasure
from portal.outbox.kinds import stop_url
from portal.outbox.models import Delivery
from tests.factories.certificates import CompletionFactory
from tests.factories.content import recording
from tests.factories.courses import CHECK, Course, make_course
from tests.factories.library import READING, Shelves, make_library, resource
from tests.factories.lti import Launcher, Network, Platform
from tests.factories.people import LibraryFactory, UserFactory
from tests.signing_in import BACKEND, sign_in

__all__ = ["BACKEND", "World", "somebody"]


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


TERRITORIES = ("A", "B")
HELD = {  # by what the table calls them; all but the coordinators hold their role in the whole portal
    "coordinator": Role.LIBRARY_COORDINATOR,
    "director": Role.DIRECTOR,
    "neighbour": Role.LIBRARY_COORDINATOR,  # of another library of the same territory
    "territory": Role.TERRITORY_COORDINATOR,
    "author": Role.AUTHOR,
    "instructor": Role.INSTRUCTOR,
    "subject librarian": Role.SUBJECT_LIBRARIAN,
    "editor": Role.EDITOR,
    "administrator": Role.ADMINISTRATOR,
}
LAUNCHED = ["student", "teacher"]
KINDS = ["owner", "learner", "librarian", *HELD, *LAUNCHED]
PEOPLE = ["anonymous", *(f"{kind} {territory}" for territory in TERRITORIES for kind in KINDS)]
NAMES = {"A": ("Rasa", "Stonkutė"), "B": ("Jonas", "Ąžuolas")}
LIBRARIES = {
    "A": ("Alytaus biblioteka", "Varėnos biblioteka"),
    "B": ("Utenos biblioteka", "Molėtų biblioteka"),
}


@dataclass
class County:
    """One territory: its libraries, the people with accounts there by what they are, and what they have."""

    letter: str
    people: dict[str, User] = field(default_factory=dict)
    choice: Selection | None = None

    def __post_init__(self) -> None:
        own, beside = LIBRARIES[self.letter]
        self.library = LibraryFactory(name_lt=own)
        self.beside = LibraryFactory(name_lt=beside, municipality=self.library.municipality)
        self.territory = self.library.municipality.territory
        for kind in ("owner", "learner", "librarian", *HELD):
            works_at = {"learner": None, "neighbour": self.beside}.get(kind, self.library)
            self.people[kind] = somebody(*NAMES[self.letter], works_at, **self._role(kind))
        self.owner = self.people["owner"]
        self.work = Affiliation.objects.get(user=self.owner)
        self.role = RoleAssignment.objects.get(user=self.people["coordinator"])
        newcomer = somebody("Ugnė", "Šilaitė")
        self.waiting = Affiliation.objects.create(
            user=newcomer, library=self.library, date_from=date(2026, 11, 1)
        )
        self.invitation = Invitation.objects.create(
            person=newcomer, library=self.library, email="ugne@kelrodis.example", first_name="Ugnė"
        )

    def _role(self, kind: str) -> dict[str, Any]:
        places = {
            "coordinator": {"library": self.library},
            "director": {"library": self.library},
            "neighbour": {"library": self.beside},
            "territory": {"territory": self.territory},
        }
        return {"role": HELD[kind], **places.get(kind, {})} if kind in HELD else {}

    def learn(self, course: Course) -> None:
        """Give the owner a finished attempt, a running one, and a certificate."""
        quiz = course.quiz_activity
        enrolled = enrolment.ensure(user=self.owner, course=course.activity, source="self")
        self.finished = attempting.start(enrolment=enrolled, quiz=quiz, language="lt", preview=False)
        grading.submit(attempt=self.finished)
        self.running = attempting.start(enrolment=enrolled, quiz=quiz, language="lt", preview=False)
        self.credential = issue(completion=CompletionFactory(enrolment__user=self.owner))
        render(credential=self.credential)
        self.export = exporting.ask(user=self.owner)
        exporting.make(export=self.export)

    def things(self) -> dict[str, dict[str, Any]]:
        """Return what stands in an address for each thing of this territory."""
        return {
            "running": {"uuid": self.running.uuid},
            "finished": {"uuid": self.finished.uuid},
            "credential": {"uuid": self.credential.uuid},
            "export": {"uuid": self.export.uuid},
            "token": {"token": self.credential.token},
            "person": {"uuid": self.owner.uuid},
            "work": {"uuid": self.work.uuid},
            "waiting": {"uuid": self.waiting.uuid},
            "invitation": {"uuid": self.invitation.uuid},
            "role": {"uuid": self.role.uuid},
            "library": {"uuid": self.library.uuid},
            **({"choice": {"uuid": self.choice.uuid}} if self.choice else {}),
            "letters": {"token": stop_url(self.owner, LETTERS).rstrip("/").rpartition("/")[2]},
        }


@dataclass
class World:
    """The course, two territories with the same kinds of people and records, and a session for everybody."""

    course: Course = field(default_factory=make_course)
    library: Shelves = field(default_factory=make_library)
    network: Network = field(default_factory=Network)
    sessions: dict[str, str] = field(default_factory=dict)
    participants: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.counties = {letter: County(letter) for letter in TERRITORIES}
        for letter, county in self.counties.items():
            for kind, person in county.people.items():
                browser = Client()
                sign_in(browser, person)
                self.sessions[f"{kind} {letter}"] = browser.cookies["sessionid"].value
            county.learn(self.course)
        self.delivery = Delivery.objects.latest("pk")
        wishes = Wishes(name="Kolegijos Moodle", days=7)
        self.platform_invitation, self.platform_invitation_url = invite(wishes=wishes, by=None)
        self.resource = resource(
            self.library.index, "Paieška", kind="search", search_address="https://paieska.example/?q={words}"
        )
        asked = {
            "text": "Kur?",
            "email": "ruta@kelrodis.example",
            "language": "lt",
            "guide": self.library.guide,
        }
        self.anothers_question, self.question = questions.ask(**asked), questions.ask(**asked)
        Question.objects.filter(pk=self.question.pk).update(librarian=None)
        Client().get("/lti/jwks/")  # makes our keys: slow, and once is enough
        self.open_recording = recording()
        nobodys = Collection.get_first_root_node().add_child(name="Niekieno")
        CollectionViewRestriction.objects.create(collection=nobodys, restriction_type="groups")
        self.private_recording = recording(collection=nobodys)
        self.erased, self.waiting = (
            Erasure.objects.create(user=UserFactory(), state=state, due_at=now())
            for state in ("done", "waiting")
        )

    def launch_people(self) -> None:
        """Let a student and a teacher come from each territory's Moodle, in its frame."""
        membership = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
        for letter in TERRITORIES:
            moodle = Platform(f"https://moodle-{letter.lower()}.example", self.network)
            for name, number, role in (("student", "2001", "Learner"), ("teacher", "2002", "Instructor")):
                browser = Client()
                browser.cookies["kelrodis_frame"] = "1"
                launcher = Launcher(moodle, browser, self.course.quiz_activity, dest="iframe")
                response = launcher.launch(sub=number, roles=[membership + role])
                assert response.status_code == 302, response.text
                self.sessions[f"{name} {letter}"] = browser.cookies["sessionid"].value
            self.participants[letter] = User.objects.get(
                lti_users__registration=moodle.registration, lti_users__sub="2001"
            )
            self.platform = moodle.registration
            self.counties[letter].choice = Selection.objects.create(
                user=LtiUser.objects.get(registration=self.platform, sub="2002").auth_user,
                deployment=self.platform.deployments.get(),
                return_url=f"https://moodle-{letter.lower()}.example/return",
                language="lt",
            )

    def browser(self, name: str) -> Client:
        """Return a browser of this person's, as it was when they had just come in."""
        client = Client(raise_request_exception=False)
        if name != "anonymous":
            client.cookies["sessionid"] = self.sessions[name]
        return client

    def arguments(self, territory: str = "A") -> dict[str, dict[str, Any]]:
        """Return what stands in an address for each kind of thing, those of people being of ``territory``."""
        return {
            **self.counties[territory].things(),
            **self._participant(self.participants[territory]),
            "course": {"uuid": self.course.activity.uuid},
            "lesson": {"uuid": self.course.lesson_activity(0).uuid},
            "check": {"uuid": self.course.lesson_activity(1).uuid, "check_id": CHECK},
            "quiz": {"uuid": self.course.quiz_activity.uuid},
            "page": {"key": self.course.page.translation_key},
            "delivery": {"pk": self.delivery.pk},
            "no delivery": {"pk": 999_999},
            "platform": {"pk": self.platform.pk},
            "deployment": {"pk": self.platform.pk, "deployment": self.platform.deployments.get().pk},
            "no deployment": {"pk": self.platform.pk, "deployment": 999_999},
            "platform's invitation": {"pk": self.platform_invitation.pk},
            "invitation's address": {"token": self.platform_invitation_url.rstrip("/").rpartition("/")[2]},
            "account": {"pk": self.counties["A"].owner.pk},
            "nobody": {"pk": 999_999},
            "recording": {"uuid": self.open_recording.uuid},
            "captions": {"uuid": self.open_recording.uuid, "language": "lt"},
            "private recording": {"uuid": self.private_recording.uuid},
            "private captions": {"uuid": self.private_recording.uuid, "language": "lt"},
            "receipt": {"uuid": self.erased.uuid},
            "waiting receipt": {"uuid": self.waiting.uuid},
            "erasure": {"pk": self.waiting.pk},
            "somebody": {"pk": self.counties["A"].people["learner"].pk},
            "edit": {"page_id": self.course.page.pk},
            "resource": {"key": self.resource.translation_key},
            "guide": {"key": self.library.guide.translation_key},
            "reading": {"key": self.library.list.translation_key, "item": READING},
            "no reading": {"key": self.library.list.translation_key, "item": "nera"},
            "question": {"pk": self.question.pk},
            "another's question": {"pk": self.anothers_question.pk},
            "library access": self._settings("catalogue", "libraryaccess"),
            "settings": self._settings("certificates", "certificatesettings"),
            "branding": self._settings("content", "branding"),
            "navigation": self._settings("content", "navigation"),
        }

    def _participant(self, person: User) -> dict[str, Any]:
        quiz = self.course.quiz_activity.uuid
        return {
            "participant": {"uuid": person.uuid},
            "participant's quiz": {"uuid": person.uuid, "quiz": quiz},
        }

    def _settings(self, app: str, model: str) -> dict[str, Any]:
        return {"app_name": app, "model_name": model, "pk": Site.objects.get().pk}
