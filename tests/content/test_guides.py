"""The guides stay true: what they link to is there, what they name exists, both languages tell the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from portal.conf import Conf
from portal.settings.keeping import DEFAULTS
from tests.stack import ROOT

GUIDES = ROOT / "docs" / "guides"
TEXTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
PAIRS = sorted(path.name for path in GUIDES.glob("*.md") if path.name not in {"README.md", "plugin.md"})
LINK = re.compile(r"\]\(([^)\s]+)\)")
SETTING = re.compile(r"KELRODIS_[A-Z0-9]+(?:_[A-Z0-9]+)*")
COMMAND = re.compile(r"(?:manage\.py|sudo kelrodis) ([a-z_]+)")
READERS = ("portal", "lti", "courses", "certificates", "benchmarks", ".ci")
NOT_FOR_INSTALLERS = {"KELRODIS_DEBUG"}  # of the development settings
LARGEST = 150 * 1024


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(path: Path) -> set[str]:
    """Return the anchors of a text's headings, as they are made on the web."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def read_somewhere() -> set[str]:
    """Return the settings that code reads."""
    names = {f"KELRODIS_KEEP_{name.upper()}" for name in DEFAULTS}
    for folder in READERS:
        for path in (ROOT / folder).rglob("*.py"):
            names |= set(SETTING.findall(path.read_text(encoding="utf-8")))
    return names


def told_in(text: str) -> set[str]:
    """Return the settings a text names; in a row of a table `_PORT` after `KELRODIS_SMTP_HOST` is another."""
    names = set(SETTING.findall(text))
    for row in re.findall(r"^\| (`KELRODIS_.+?) \|", text, re.MULTILINE):
        first, *rest = re.findall(r"`([A-Z0-9_]+)`", row) or [""]
        names |= {first.rsplit("_", 1)[0] + name for name in rest if name.startswith("_")}
    return names


@pytest.mark.parametrize("path", TEXTS, ids=named)
def test_every_link_and_picture_leads_somewhere(path):
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        file, _sign, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("path", TEXTS, ids=named)
def test_every_setting_and_command_that_is_named_exists(path):
    text = path.read_text(encoding="utf-8")
    known = read_somewhere()
    stems = {"KELRODIS_KEEP", "KELRODIS_OIDC"}  # named with an ellipsis or <RULE>
    assert {name.removesuffix("_FILE") for name in told_in(text)} - known - stems == set()
    assert set(COMMAND.findall(text)) - set(get_commands()) == set()


@pytest.mark.parametrize("folder", [GUIDES, GUIDES / "lt"], ids=named)
def test_every_setting_that_is_read_is_told(folder):
    told = {
        name
        for guide in ("deploy", "backup")
        for name in told_in((folder / f"{guide}.md").read_text("utf-8"))
    }
    read = {f"KELRODIS_KEEP_{name.upper()}" for name in DEFAULTS}
    for path in (ROOT / "portal" / "settings").glob("*.py"):
        read |= {name for name in re.findall(r'"(KELRODIS_[A-Z0-9_]+[A-Z0-9])"', path.read_text("utf-8"))}
    assert read - told - NOT_FOR_INSTALLERS == set()


@pytest.mark.parametrize("name", PAIRS)
def test_both_languages_have_the_same_chapters_tables_and_commands(name):
    english, lithuanian = ((folder / name).read_text("utf-8") for folder in (GUIDES, GUIDES / "lt"))
    for pattern in (r"^#+ ", r"^\s*\|", r"^\s*!\[", r"^\d+\. ", r"^ {4,7}sudo kelrodis "):
        found = [len(re.findall(pattern, text, re.MULTILINE)) for text in (english, lithuanian)]
        assert found[0] == found[1], pattern
    assert set(COMMAND.findall(english)) == set(COMMAND.findall(lithuanian))


def test_nginx_lets_the_largest_recording_through():
    allowed = re.search(r"client_max_body_size (\d+)m;", (GUIDES / "deploy/nginx.conf").read_text("utf-8"))
    assert int(allowed[1]) * 1024**2 > Conf.documented()["RECORDING_LIMIT"].default


def test_units_write_nothing_for_every_user_to_read():
    units = list((GUIDES / "deploy").glob("*.service"))
    assert units and all("\nUMask=0027\n" in unit.read_text("utf-8") for unit in units)
    for folder in (GUIDES, GUIDES / "lt"):
        assert "chmod 750 /var/lib/kelrodis" in (folder / "deploy.md").read_text("utf-8")


def test_every_picture_of_the_guides_is_shown_in_both_languages_and_small():
    pictures = {
        language: {path.name for path in (ROOT / "docs/pictures/guides" / language).glob("*.png")}
        for language in ("lt", "en")
    }
    assert pictures["lt"] == pictures["en"]
    for language, folder in {"en": GUIDES, "lt": GUIDES / "lt"}.items():
        texts = "".join(path.read_text("utf-8") for path in folder.glob("*.md"))
        for name in pictures[language]:
            path = ROOT / "docs/pictures/guides" / language / name
            assert f"pictures/guides/{language}/{name}" in texts
            assert path.stat().st_size < LARGEST
