"""Our settings: read in one place, with defaults, each with its meaning."""

from __future__ import annotations

import re

from portal.conf import Conf, conf
from tests.stack import ROOT

APPS = ("portal", "courses", "lti", "certificates", "surveys", "events")
NAMES = "|".join(Conf.documented())
READ = re.compile(rf"""(?<!\w)settings(?:\.|, ")({NAMES})\b""")


def test_no_app_reads_a_setting_of_ours_past_the_one_place():
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    ours = [path for path in files if "settings" not in path.parts and path.name != "conf.py"]
    found = {str(path.relative_to(ROOT)): READ.findall(path.read_text(encoding="utf-8")) for path in ours}
    assert len(ours) > 300
    assert {name: names for name, names in found.items() if names} == {}


def test_every_setting_says_what_it_means_and_has_a_default_of_its_type(settings):
    for name, setting in Conf.documented().items():
        assert setting.meaning.endswith("."), name
        given = getattr(settings, name, setting.default)
        kinds = (int, float) if isinstance(setting.default, float) else type(setting.default)
        if isinstance(setting.default, str | bool | int | float):
            assert isinstance(given, kinds), name


def test_what_a_site_does_not_set_has_its_default(settings):
    del settings.SIGN_UP_OPEN
    assert conf.SIGN_UP_OPEN is True
    settings.SIGN_UP_OPEN = False
    assert conf.SIGN_UP_OPEN is False


def test_a_site_may_set_some_values_of_a_setting_and_keep_the_others(settings):
    settings.OIDC = {"issuer": "https://prisijungimas.example"}
    settings.RETENTION = {"exports": 3}
    assert (conf.OIDC["issuer"], conf.OIDC["name"]) == ("https://prisijungimas.example", "SSO")
    assert (conf.RETENTION["exports"], conf.RETENTION["deliveries"]) == (3, 30)
    del settings.OIDC
    assert conf.OIDC["issuer"] == ""


def test_storages_of_private_files_are_asked_for(settings):
    from django.core.checks import run_checks

    settings.STORAGES = {name: value for name, value in settings.STORAGES.items() if name != "private"}
    told = [message for message in run_checks() if message.id == "kelrodis.E006"]
    assert [message.msg for message in told] == ["STORAGES has no private."]


def test_private_files_below_a_served_folder_are_refused(settings, tmp_path):
    from django.core.checks import run_checks

    from portal.suite import private_storages

    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = {**settings.STORAGES, **private_storages(tmp_path / "inside")}
    assert "kelrodis.E002" in [message.id for message in run_checks()]
