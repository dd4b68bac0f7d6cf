"""A backup is whole or refused: what was changed, cut short or signed by somebody else is not restored."""

import hashlib
import json
import tarfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.test import override_settings

from portal.keeping.backup import making, manifest, restoring
from portal.keeping.backup.errors import Damaged, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(folders):
    """A picture, a certificate and somebody's export."""
    storages["default"].save("images/tiltas.txt", ContentFile(b"Tiltas per Nemuna"))
    storages["private"].save("certificates/2026/a.pdf", ContentFile(b"%PDF-1.7"))
    storages["private"].save("exports/somebody.zip", ContentFile(b"PK"))


@pytest.fixture
def backup(tmp_path):
    call_command("backup", str(tmp_path / "backup"))
    return tmp_path / "backup"


def test_a_backup_holds_database_and_files_and_says_what_is_in_it(backup, capsys):
    made = manifest.read(backup)
    assert made.database == "sqlite"
    assert {"database.sqlite3", "media/images/tiltas.txt", "private/certificates/2026/a.pdf"} == set(
        made.files
    )
    assert made.tables["directory_user"].rows == 0
    assert made.tables["django_migrations"].rows == len(made.migrations)
    call_command("backup", str(backup), "--verify")
    assert "is whole" in capsys.readouterr().out
    assert not list(backup.parent.glob("*.partial")) and not list(backup.parent.glob(".backup-*"))


def test_copies_made_for_a_person_are_not_in_it(backup):
    assert not (backup / "private" / "exports").exists()


def test_nobody_else_on_the_machine_reads_it(backup):
    assert {path.stat().st_mode & 0o077 for path in [backup, *backup.rglob("*")]} == {0}


def test_a_backup_in_one_file_is_whole_too(tmp_path, capsys):
    call_command("backup", str(tmp_path / "one.tar"))
    call_command("backup", str(tmp_path / "one.tar"), "--verify")
    assert capsys.readouterr().out.count("one.tar") == 2


def test_a_backup_never_replaces_another(backup):
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(backup))


def test_what_an_interrupted_backup_left_is_no_backup_and_in_nobodys_way(tmp_path, monkeypatch):
    def killed(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(manifest, "write", killed)
        making.make(tmp_path / "backup")
    (tmp_path / "backup.partial").mkdir()  # as kill -9 between writing and naming leaves it
    with pytest.raises(CommandError, match="not a whole backup"):
        call_command("backup", str(tmp_path / "backup.partial"), "--verify")
    making.make(tmp_path / "backup")
    assert not (tmp_path / "backup.partial").exists()


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    "name", ["media/images/tiltas.txt", "private/certificates/2026/a.pdf", "database.sqlite3"]
)
def test_a_changed_file_is_named(backup, name):
    flip(backup / name)
    with pytest.raises(CommandError, match=name):
        call_command("backup", str(backup), "--verify")


def test_a_missing_file_is_named(backup):
    (backup / "media/images/tiltas.txt").unlink()
    with pytest.raises(CommandError, match=r"lacks media/images/tiltas\.txt"):
        call_command("backup", str(backup), "--verify")


def rewrite(backup, **changes):
    data = json.loads((backup / "manifest.json").read_text())
    (backup / "manifest.json").write_text(json.dumps(data | changes))


def test_a_manifest_made_to_fit_is_refused_for_want_of_the_signature(backup):
    rewrite(backup, site="https://kitur.example")
    with pytest.raises(CommandError, match="was changed"):
        call_command("backup", str(backup), "--verify")


def test_a_backup_of_another_installation_is_accepted_only_when_that_is_said(backup, capsys):
    with override_settings(SECRET_KEY="another-installation-0123456789-abcdefghijklmnopqrstuvwxyz"):
        with pytest.raises(CommandError, match="--foreign"):
            call_command("backup", str(backup), "--verify")
        call_command("backup", str(backup), "--verify", "--foreign")
    assert "is whole" in capsys.readouterr().out


def test_a_former_key_still_signs(backup):
    present = manifest.settings.SECRET_KEY
    with override_settings(SECRET_KEY="a-new-key-0123456789", SECRET_KEY_FALLBACKS=[present]):
        assert making.check(backup).rows


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "media/../private/x", "./media/x"])
def test_a_backup_that_names_files_outside_itself_is_refused(backup, name):
    (backup / "private").mkdir(exist_ok=True)
    for inside in ("private/x", "media/x"):
        (backup / inside).write_bytes(b"x")
    rewrite(backup, files={name: {"size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}})
    with pytest.raises(Damaged, match="outside itself"):
        making.check(backup, foreign=True)


def test_an_archive_that_writes_outside_itself_is_refused(tmp_path):
    (tmp_path / "evil.txt").write_text("x")
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        tar.add(tmp_path / "evil.txt", arcname="../../evil.txt")
    with pytest.raises(Damaged), making.unpacked(tmp_path / "evil.tar"):
        pass


def test_half_an_archive_is_refused(tmp_path):
    making.make(tmp_path / "one.tar")
    whole = (tmp_path / "one.tar").read_bytes()
    (tmp_path / "half.tar").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Damaged), making.unpacked(tmp_path / "half.tar") as folder:
        making.check(folder)


def test_a_portal_that_holds_anything_is_not_restored_over(backup):
    with pytest.raises(Refused, match="--replace"):
        restoring.restore(backup, restoring.Wishes(), lambda line: None)


def test_a_backup_of_a_newer_portal_is_refused(backup):
    made = manifest.read(backup)
    rewrite(backup, migrations=[*made.migrations, "courses.0099_of_tomorrow"])
    with pytest.raises(Refused, match="newer version"):
        restoring.restore(backup, restoring.Wishes(replace=True, foreign=True), lambda line: None)


def test_a_backup_of_another_kind_of_database_is_refused(backup):
    rewrite(backup, database="postgresql")
    with pytest.raises(Refused, match="database is sqlite"):
        restoring.restore(backup, restoring.Wishes(replace=True, foreign=True), lambda line: None)
