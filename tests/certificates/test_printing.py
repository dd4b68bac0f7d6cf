import hashlib
import io
import re
from pathlib import Path

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.test import override_settings
from django.utils.translation import override
from wagtail.models import Site

from certificates import printing, wording
from certificates.flows import rendering
from certificates.flows.issuing import issue
from certificates.models import CertificateSettings, CredentialFile
from portal.documents.rendering import press
from tests.factories.certificates import CompletionFactory, CourseVersionFactory, EnglishVersionFactory
from tests.factories.people import UserFactory


@pytest.fixture
def signed(db):
    """The site has an issuer and a signatory."""
    settings = CertificateSettings.for_site(Site.objects.get(is_default_site=True))
    settings.issuer_lt, settings.issuer_en = "Kauno apskrities biblioteka", "Kaunas County Library"
    settings.city_lt = settings.city_en = "Kaunas"
    settings.signatory_name = "Vardenė Pavardenė"
    settings.signatory_position_lt, settings.signatory_position_en = "Direktorė", "Director"
    settings.save()


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def structure(element) -> list[str]:
    """Return the kinds of the structure elements below ``element``, in reading order."""
    kinds = []
    for kid in element.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            kinds += [str(kid.S), *structure(kid)]
    return kinds


def test_lithuanian_certificate_says_everything(signed, credential, text_of):
    text = " ".join(text_of(printing.make_pdf(credential)).split())
    for words in [
        "Živilė Šeškauskaitė-Čepulienė",
        "Informacijos paieška ir vertinimas",
        "skaitmeninio turinio vertinimo ir paieškos strategijų",
        "2026 m. spalio 6–27 d.",
        "2026 m. lapkričio 21 d.",
        "K-2026-000001",
        "localhost:8000/verify",
        "Kelrodis",
    ]:
        assert words in text, words


def test_english_certificate_says_everything(signed, text_of):
    credential = issue(completion=CompletionFactory(version=EnglishVersionFactory()))
    text = " ".join(text_of(printing.make_pdf(credential)).split())
    for words in [
        "KAUNAS COUNTY LIBRARY",
        "Certificate of completion",
        "has completed the course “Finding and judging information” and gained competence in"
        " searching for information and judging digital sources.",
        "16 academic hours",
        "6–27 October 2026",
        "Director",
        "Vardenė Pavardenė",
    ]:
        assert words in text, words


def test_course_without_competences_has_a_shorter_sentence(db, text_of):
    version = EnglishVersionFactory(payload__competences="")
    text = text_of(printing.make_pdf(issue(completion=CompletionFactory(version=version))))
    assert "has completed the course “Finding and judging information”." in " ".join(text.split())
    assert "gained" not in text


def test_without_a_signatory_there_is_no_signature_line(credential):
    with override("lt"):
        assert not printing.certificate_context(credential)["signatory_name"]


def test_issuer_who_is_the_portal_is_printed_once(credential, text_of):
    text = text_of(printing.make_pdf(credential))
    assert text.upper().count("KELRODIS") == 1


def test_period_is_printed_only_when_it_is_not_the_day_of_issue(credential, text_of):
    frozen = credential.snapshot
    assert "Laikotarpis" in text_of(printing.make_pdf(credential))
    frozen["period_from"] = frozen["period_to"] = frozen["issued_on"]
    text = text_of(printing.make_pdf(credential))
    assert "Laikotarpis" not in text
    assert text.count("2026 m. lapkričio 21 d.") == 1


def test_certificate_is_one_landscape_sheet_of_a4_tagged_and_dated(credential):
    pdf = opened(printing.make_pdf(credential))
    assert len(pdf.pages) == 1
    width, height = (float(side) / 72 * 25.4 for side in pdf.pages[0].MediaBox[2:])
    assert (round(width), round(height)) == (297, 210)
    assert pdf.Root.Lang == "lt"
    assert credential.number in str(pdf.docinfo["/Title"])
    kinds = structure(pdf.Root.StructTreeRoot.K[0])
    assert kinds.count("/H1") == 1
    assert kinds.count("/Figure") == 1, "the QR code; the drawing is an artifact"
    assert "/L" in kinds and "/Link" in kinds
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"


def test_qr_code_is_described(credential):
    pdf = opened(printing.make_pdf(credential))
    alternatives = [
        str(item.Alt) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
    ]
    assert len(alternatives) == 1
    assert f"http://localhost:8000/verify/{credential.token}/" in alternatives[0]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Jonas Rūkas", "Paieška"),
        (
            "Marija Antanina Konstancija Šeškauskaitė-Čepulienė iš Didžiųjų Kabiškių",
            "Medijų raštingumas " * 13,
        ),
        ("W" * 150, "Š" * 255),
    ],
)
def test_long_names_and_titles_stay_on_the_sheet_whole(signed, text_of, name, title):
    holder = UserFactory(first_name=name, last_name=name[::-1])
    version = CourseVersionFactory(
        payload__title=title.strip(), payload__competences=("kompetencijų " * 23).strip()
    )
    credential = issue(completion=CompletionFactory(enrolment__user=holder, version=version))
    pdf = printing.make_pdf(credential)
    assert len(opened(pdf).pages) == 1
    text = solid(text_of(pdf))
    for words in (credential.holder_name, title, credential.snapshot["competences"]):
        assert solid(words) in text
    left, right, bottom = text_edges(pdf, text_of)
    assert left >= 13 and right <= 297 - 20, "nothing runs over the margins"
    assert bottom <= 210 - 15


def solid(text: str) -> str:
    """Return ``text`` without spaces and hyphens: where lines end, copying loses them."""
    return "".join(text.replace("-", "").split())


def text_edges(pdf, text_of):
    """Return the left, right and lower edge of all text, in millimetres."""
    boxes = re.findall(
        r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="([\d.]+)">', text_of(pdf, "-bbox")
    )
    numbers = [[float(value) / 72 * 25.4 for value in box] for box in boxes]
    return min(n[0] for n in numbers), max(n[1] for n in numbers), max(n[2] for n in numbers)


HOSTILE = [
    '<img src="file:///etc/passwd">',
    "<style>*{background:url(http://127.0.0.1:9/x)}</style>",
    'url("file:///etc/passwd")',
    "{{ secret }}{% debug %}",
    "{course}{competences.__class__}",
    "</title><script>alert(1)</script>",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_code_in_a_name_or_title_is_printed_as_the_text_it_is(db, text_of, hostile):
    """C06."""
    holder = UserFactory(first_name="Jonas", last_name=hostile)
    version = CourseVersionFactory(payload__title=hostile, payload__competences=hostile)
    credential = issue(completion=CompletionFactory(enrolment__user=holder, version=version))
    pdf = printing.make_pdf(credential)
    assert "".join(text_of(pdf).split()).count("".join(hostile.split())) == 3
    assert "root:" not in text_of(pdf)
    assert "/EmbeddedFiles" not in opened(pdf).Root.get("/Names", {})


def test_printed_addresses_are_the_portals_own_whatever_host_was_asked(credential):
    """C09."""
    with override_settings(SITE_URL="https://kelrodis.example"), override("lt"):
        context = printing.certificate_context(credential)
        pdf = opened(printing.make_pdf(credential))
    assert context["check_url"] == "https://kelrodis.example/verify/"
    links = [str(note.A.URI) for note in pdf.pages[0].Annots]
    assert links == ["https://kelrodis.example/verify/"]


class TestFile:
    """The file is made once; it is what is downloaded for ever."""

    def test_file_is_stored_privately_with_its_hash(self, rendered, private_storage):
        file = rendered.file
        stored = Path(private_storage.path(file.path)).read_bytes()
        assert hashlib.sha256(stored).hexdigest() == file.sha256
        assert file.template_version == printing.template_version()

    def test_private_files_do_not_lie_where_media_is_served(self, settings):
        private = Path(settings.STORAGES["private"]["OPTIONS"]["location"])
        assert Path(settings.MEDIA_ROOT) != private
        assert Path(settings.MEDIA_ROOT) not in private.parents

    def test_rendering_again_makes_the_same_bytes(self, rendered):
        press.stop()
        assert hashlib.sha256(printing.make_pdf(rendered)).hexdigest() == rendered.file.sha256

    def test_change_of_the_template_leaves_the_stored_file_alone(
        self, rendered, private_storage, monkeypatch
    ):
        """C08."""
        before = Path(private_storage.path(rendered.file.path)).read_bytes()
        monkeypatch.setattr(printing, "TEMPLATE", "pdf/base.html")
        assert rendering.render(credential=rendered).sha256 == rendered.file.sha256
        with rendering.open_file(credential=rendered) as stream:
            assert stream.read() == before

    def test_record_of_a_file_is_never_changed(self, rendered):
        with pytest.raises(TypeError):
            rendered.file.save()

    def test_attempt_that_died_after_writing_is_taken_up(self, credential, private_storage, monkeypatch):
        def die(credential):
            raise RuntimeError("power cut")

        monkeypatch.setattr(rendering, "_tell_holder", die)
        with pytest.raises(RuntimeError):
            rendering.render(credential=credential)
        assert not CredentialFile.objects.exists(), "the row and the letter come together or not at all"
        monkeypatch.undo()
        file = rendering.render(credential=credential)
        folder = Path(private_storage.path(file.path)).parent
        assert len(list(folder.iterdir())) == 1

    def test_attempt_that_died_while_writing_is_written_over(self, credential, private_storage):
        whole = printing.make_pdf(credential)
        path = f"certificates/2026/{credential.uuid}-{hashlib.sha256(whole).hexdigest()[:12]}.pdf"
        private_storage.save(path, ContentFile(whole[:1000]))
        assert rendering.render(credential=credential).path == path
        assert Path(private_storage.path(path)).read_bytes() == whole

    def test_template_version_follows_the_template(self, monkeypatch):
        version = printing.template_version()
        assert len(version) == 12
        monkeypatch.setattr(printing, "PARTS", ("pdf/base.html",))
        printing.template_version.cache_clear()
        assert printing.template_version() != version
        monkeypatch.undo()
        printing.template_version.cache_clear()


@pytest.mark.parametrize(
    ("language", "first", "last", "words"),
    [
        ("lt", "2026-10-06", "2026-10-27", "2026 m. spalio 6–27 d."),
        ("lt", "2026-10-06", "2026-11-02", "2026 m. spalio 6 d. – lapkričio 2 d."),
        ("lt", "2025-12-30", "2026-01-02", "2025 m. gruodžio 30 d. – 2026 m. sausio 2 d."),
        ("lt", "2026-10-06", "2026-10-06", "2026 m. spalio 6 d."),
        ("en", "2026-10-06", "2026-10-27", "6–27 October 2026"),
        ("en", "2026-10-06", "2026-11-02", "6 October – 2 November 2026"),
        ("en", "2025-12-30", "2026-01-02", "30 December 2025 – 2 January 2026"),
    ],
)
def test_period_says_nothing_twice(language, first, last, words):
    with override(language):
        assert wording.period(first, last).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    "other", ["SESKAUSKAITE-CEPULIENE", "šeškauskaitė čepulienė", " Šeškauskaitė–Čepulienė "]
)
def test_folded_surnames_are_the_same(other):
    assert wording.fold("Šeškauskaitė-Čepulienė") == wording.fold(other)
