"""Commands as a newcomer runs them: with any Python, with the settings of the service, too early."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.executor import MigrationExecutor

from tests.production.cluster import environment_file
from tests.stack import ROOT

DEPLOY = ROOT / "docs" / "guides" / "deploy"


def run(*command, **more):
    return subprocess.run(
        [*map(str, command)], capture_output=True, text=True, check=False, timeout=60, **more
    )


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_shell_reads_the_example_settings_as_systemd_does(shell):
    printing = (
        f"set -eua; . {DEPLOY / 'kelrodis.env'}; {sys.executable} -c 'import os; print(*os.environb.items())'"
    )
    said = run(shell, "-c", printing, env={"PATH": os.environ["PATH"]})
    assert said.stderr == ""
    for name, value in environment_file().items():
        assert str((name.encode(), value.encode())) in said.stdout
    assert environment_file()["KELRODIS_MAIL_FROM"] == "Kelrodis <kelrodis@kelrodis.example>"


@pytest.fixture
def installed(tmp_path):
    """A program whose Python tells what it was asked, and the settings of an installation; the command for them."""
    python = tmp_path / "opt" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$KELRODIS_MAIL_FROM: $*"\n')
    python.chmod(0o755)
    settings = tmp_path / "kelrodis.env"
    shutil.copy(DEPLOY / "kelrodis.env", settings)
    runuser = tmp_path / "bin" / "runuser"  # nobody is called kelrodis here
    runuser.parent.mkdir()
    runuser.write_text('#!/bin/sh\n[ "$1 $2 $3" = "-u kelrodis --" ] && shift 3 && exec "$@"\n')
    runuser.chmod(0o755)
    env = {"PATH": f"{runuser.parent}:{os.environ['PATH']}"}
    env |= {"PROGRAM": str(tmp_path / "opt"), "SETTINGS": str(settings)}
    return lambda *arguments: run(DEPLOY / "kelrodis", *arguments, env=env), settings


def test_command_runs_with_the_settings_of_the_service(installed):
    command, settings = installed
    said = command("found", "--name", "Mūsų kursai")
    program = settings.parent / "opt"
    assert (said.returncode, said.stderr) == (0, "")
    assert (
        said.stdout == f"Kelrodis <kelrodis@kelrodis.example>: {program}/manage.py found --name Mūsų kursai\n"
    )


@pytest.mark.parametrize("line", ["", "DJANGO_SETTINGS_MODULE=portal.settings.dev"])
def test_command_refuses_settings_that_are_not_a_productions(installed, line):
    command, settings = installed
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("DJANGO_SETTINGS_MODULE=portal.settings.production", line))
    said = command("migrate")
    assert (said.returncode, said.stdout) == (1, "")
    assert "DJANGO_SETTINGS_MODULE=portal.settings.production" in said.stderr


def test_command_says_which_settings_it_cannot_read(installed):
    command, settings = installed
    settings.unlink()
    said = command("migrate")
    assert said.returncode == 1
    assert f"cannot read {settings}; say: sudo kelrodis migrate" in said.stderr


@pytest.fixture
def bare_python(tmp_path):
    """A Python without any package, and a folder with ``manage.py`` in it."""
    shutil.copy(ROOT / "manage.py", tmp_path)
    return [sys.executable, "-S", str(tmp_path / "manage.py")], tmp_path


def test_any_python_goes_on_with_the_packages_beside_the_program(bare_python):
    command, folder = bare_python
    own = Path(folder, ".venv", "bin", "python")
    own.parent.mkdir(parents=True)
    own.write_text('#!/bin/sh\necho "went on: $*"\n')
    own.chmod(0o755)
    assert run(*command, "migrate").stdout == f"went on: {folder / 'manage.py'} migrate\n"


def test_without_packages_it_says_how_to_get_them(bare_python):
    said = run(*bare_python[0], "migrate")
    assert said.returncode == 1
    assert "make run" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("command", [["found"], ["administrator", "rasa@biblioteka.example"]])
def test_command_before_the_tables_are_there_says_what_to_do_first(monkeypatch, command):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [("content", "0001")])
    with pytest.raises(CommandError, match="migrate"):
        call_command(*command)
