"""A Wagtail site of somebody else's, with our wheel in it, made as docs/guides/plugin.md says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.stack import ROOT, Stack

GUIDE = ROOT / "docs/guides/plugin.md"
PIECE = re.compile(r"```\w+\n(?:# |\{# )(at the end of )?(\S+\.\w+)(?: #\})?\n(.*?)```", re.S)

COURSE = """
from wagtail.models import Site
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage, QuizPage

def add(parent, page):
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page

def option(key, text, correct):
    return {"type": "item", "id": key, "value": {"text": text, "correct": correct, "feedback": ""}}

home = Site.objects.get(is_default_site=True).root_page
course = add(add(home, CataloguePage(title="Kursai", slug="kursai")), CoursePage(title="Lentynos", slug="lentynos"))
module = add(course, ModulePage(title="Pradžia", slug="pradzia"))
text = {"type": "text", "value": "<p>Lentynos žymimos skaičiais.</p>"}
add(module, LessonPage(title="Ženklai", slug="zenklai", body=[text]))
question = {"prompt": "<p>Kuo žymimos lentynos?</p>", "points": "1", "explanation": "", "lesson": None}
options = [option("taip", "Skaičiais", True), option("ne", "Spalvomis", False)]
item = {"type": "single", "id": "22222222-2222-4222-8222-222222222222", "value": {**question, "options": options}}
add(module, QuizPage(title="Ar žinote?", slug="testas", items=[item]))
"""


def run(*command: str | Path, folder: Path, env: dict[str, str] | None = None) -> str:
    """Run a command and return what it prints. Raises RuntimeError when it fails."""
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout


def build_wheel(folder: Path) -> Path:
    """Copy what git knows of the tree, as a fresh clone has it, and build its wheel."""
    tree = folder / "tree"
    names = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder=ROOT)
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)
    run(sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "-w", folder / "wheels", folder=tree)
    (wheel,) = (folder / "wheels").iterdir()
    return wheel


class ForeignSite(Stack):
    """`wagtail start mysite`, with a Python of its own that knows our apps from the wheel alone."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        super().__init__(folder / "var")
        self.folder = folder / "mysite"
        self.bin = folder / "venv" / "bin"
        self.python = str(self.bin / "python")
        # The folder of the project must not help: what is missing in the wheel is to be missed.
        dropped = {"PYTHONPATH", "KELRODIS_VAR", "HOST", "PORT", "VIRTUAL_ENV"}
        self.env = {name: value for name, value in self.env.items() if name not in dropped}
        self.env["DJANGO_SETTINGS_MODULE"] = "mysite.settings.dev"
        run(sys.executable, "-m", "venv", folder / "venv", folder=folder)
        install = (self.python, "-m", "pip", "install", "--quiet", "--no-deps")
        run(
            *install,
            "--only-binary",
            ":all:",
            "--require-hashes",
            "-r",
            ROOT / "requirements.txt",
            folder=folder,
        )
        run(*install, wheel, folder=folder)
        run(self.bin / "wagtail", "start", "mysite", folder=folder, env=os.environ | {"PYTHONPATH": ""})
        self.follow_the_guide()

    def follow_the_guide(self) -> None:
        """Put the guide's pieces into the site's files."""
        for is_added, name, text in PIECE.findall(GUIDE.read_text(encoding="utf-8")):
            file = self.folder / name
            text = text.replace("http://localhost:8000", self.url)
            before = file.read_text(encoding="utf-8") if is_added else ""
            file.write_text(f"{before}\n{text}", encoding="utf-8")

    def commands(self) -> dict[str, list[str]]:
        """Return the command line of the site's web server."""
        return {"web": [self.python, "manage.py", "runserver", "--noreload", f"127.0.0.1:{self.port}"]}
