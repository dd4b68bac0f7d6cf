"""Message catalogues: `update` gathers the texts of code and templates, `check` finds what is not translated.

Both gather in a copy of the tree. Every text must be in both languages, translated, not fuzzy, in all plural
forms, with the same placeholders, and nothing obsolete may linger.

Editors also read the texts of Wagtail, Django and other packages. What their own Lithuanian catalogues lack, or
say badly, stands in ``portal/locale_wagtail``, which wins over theirs; both commands keep it in step with them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import django
import django.conf
import polib
from django.apps import apps

ROOT = Path(__file__).resolve().parents[1]
LOCALE = "portal/locale"
COMPLETED = "portal/locale_wagtail/lt/LC_MESSAGES"
DOMAINS = ("django", "djangojs")
LANGUAGES = ("lt", "en")
PLURALS = {"lt": 4, "en": 2}
SOURCES = ("portal", "courses", "lti", "certificates", "surveys", "events", "templates")
IGNORED = ["node_modules", ".venv", "var", "tests", "benchmarks", ".ci", "vendor", "*.min.js"]
KEPT = ("MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Plural-Forms")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sd]|\{\w*\}")


def gather(tree: Path) -> None:
    """Run makemessages in ``tree`` for both languages, Python and templates and JavaScript."""
    command = [sys.executable, "manage.py", "makemessages", "--add-location", "file", "--no-wrap"]
    command += [f"--locale={language}" for language in LANGUAGES]
    command += [f"--ignore={pattern}" for pattern in IGNORED]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.test", "PYTHONPATH": str(tree)}
    scripts = any("gettext(" in path.read_text(encoding="utf-8") for path in tree.glob("*/**/*.js"))
    for domain in DOMAINS if scripts else ("django",):
        done = subprocess.run(
            [*command, f"--domain={domain}"],
            cwd=tree,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"makemessages failed:\n{done.stdout}{done.stderr}")


def skipped(folder: str, names: list[str]) -> set[str]:
    """Name what is not copied; an app's own ``locale`` too, since all texts are in ``portal/locale``."""
    unwanted = {"__pycache__", "fonts", "vendor", "locale_wagtail"}
    if Path(folder).name != "portal":
        unwanted.add("locale")
    return {name for name in names if name in unwanted or name.endswith(".mo")}


def gathered(folder: str) -> list[Path]:
    """Copy the tree to ``folder``, gather its texts there, and return the catalogues by their names."""
    tree = Path(folder)
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=skipped)
    shutil.copyfile(ROOT / "manage.py", tree / "manage.py")
    for language in LANGUAGES:
        (tree / LOCALE / language).mkdir(parents=True, exist_ok=True)
    gather(tree)
    return [path.relative_to(tree) for path in sorted(tree.glob(f"{LOCALE}/*/LC_MESSAGES/*.po"))]


def placeholders(text: str) -> list[str]:
    """Return a text's placeholders in a fixed order."""
    return sorted(PLACEHOLDER.findall(text.replace("%%", "")))


def problems_of(entry: polib.POEntry, language: str) -> Iterator[str]:
    """Yield what is wrong with one entry, in a few words."""
    if entry.obsolete:
        yield "obsolete; run `make messages`"
        return
    if entry.fuzzy:
        yield "fuzzy"
    forms = entry.msgstr_plural if entry.msgid_plural else {0: entry.msgstr}
    if entry.msgid_plural and len(forms) != PLURALS[language]:
        yield f"has {len(forms)} plural forms, not {PLURALS[language]}"
    if not all(forms.values()):
        yield "not translated"
        return
    wanted = [placeholders(entry.msgid), placeholders(entry.msgid_plural or entry.msgid)]
    # A singular form may leave the number out: "one seat" for "%(count)s seats".
    if any(placeholders(form) not in wanted for form in forms.values()):
        yield f"placeholders differ from {', '.join(wanted[-1]) or 'none'}"


def catalogue_problems(path: Path, name: Path) -> Iterator[str]:
    """Yield the problems of the catalogue at ``path``, which is ``name`` in the tree."""
    language = name.parts[-3]
    known = polib.pofile(str(ROOT / name)) if (ROOT / name).exists() else polib.POFile()
    texts = {(entry.msgctxt, entry.msgid) for entry in known if not entry.obsolete}
    for entry in polib.pofile(str(path)):
        found = list(problems_of(entry, language))
        if not entry.obsolete and (entry.msgctxt, entry.msgid) not in texts:
            found = ["not in the catalogue; run `make messages`"]
        for problem in found:
            yield f"{name}: “{entry.msgid}” ({', '.join(where for where, _ in entry.occurrences)}): {problem}"


def packages() -> dict[str, Path]:
    """Return the folders of catalogues of Django and of the installed apps that are not ours, by name."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    django.setup()
    folders = {"django": Path(django.conf.__file__).parent}
    folders |= {app.name: Path(app.path) for app in apps.get_app_configs()}
    return {
        name: folder / "locale" for name, folder in folders.items() if name.partition(".")[0] not in SOURCES
    }


def entries(path: Path) -> Iterator[polib.POEntry]:
    """Yield what a catalogue holds; nothing when there is no such catalogue."""
    if path.exists():
        yield from (entry for entry in polib.pofile(str(path)) if not entry.obsolete)


def key(entry: polib.POEntry) -> tuple[str | None, str]:
    """Return what gettext finds a text by."""
    return entry.msgctxt, entry.msgid


@dataclass
class Foreign:
    """The texts of the packages in one domain, and which of them are in Lithuanian without our completion."""

    texts: dict[tuple[str | None, str], list[tuple[str, polib.POEntry]]] = field(default_factory=dict)
    translated: set[tuple[str | None, str]] = field(default_factory=set)
    ours: set[tuple[str | None, str]] = field(default_factory=set)


def foreign(domain: str) -> Foreign:
    """Read the catalogues of the packages."""
    found = Foreign(ours={key(entry) for entry in entries(ROOT / LOCALE / f"lt/LC_MESSAGES/{domain}.po")})
    for name, folder in packages().items():
        for entry in entries(folder / f"en/LC_MESSAGES/{domain}.po"):
            found.texts.setdefault(key(entry), []).append((name, entry))
        lithuanian = entries(folder / f"lt/LC_MESSAGES/{domain}.po")
        found.translated |= {key(entry) for entry in lithuanian if entry.translated()}
    return found


def completion_problems(domain: str) -> Iterator[str]:
    """Yield what the packages' texts lack in Lithuanian, and what our completion has in excess."""
    known, done, name = foreign(domain), set(), f"{COMPLETED}/{domain}.po"
    for entry in polib.pofile(str(ROOT / name)):
        done.add(key(entry))
        problems = list(problems_of(entry, "lt"))
        meant = known.texts.get(key(entry), [])
        if entry.msgid_plural not in {text.msgid_plural for _package, text in meant}:
            problems.append("no installed package has this text any more; run `make messages`")
        if key(entry) in known.ours:
            problems.append(f"is in {LOCALE} too, which wins")
        yield from (f"{name}: “{entry.msgid}”: {problem}" for problem in problems)
    for text, places in known.texts.items():
        if text not in known.translated | known.ours | done:
            yield f"{name}: “{text[1]}” ({places[0][0]}): not in the catalogue; run `make messages`"


def complete(domain: str) -> None:
    """Drop from our completion what no package has any more, and add what they have new, to be translated."""
    known, name = foreign(domain), f"{COMPLETED}/{domain}.po"
    catalogue = polib.pofile(str(ROOT / name), wrapwidth=0)
    for entry in list(catalogue):
        plurals = {text.msgid_plural for _package, text in known.texts.get(key(entry), [])}
        if entry.msgid_plural not in plurals or key(entry) in known.ours:
            catalogue.remove(entry)
    present = known.translated | known.ours | {key(entry) for entry in catalogue}
    for text, places in known.texts.items():
        if text not in present:
            meant = places[0][1]
            forms = dict.fromkeys(range(PLURALS["lt"]), "") if meant.msgid_plural else {}
            catalogue.append(
                polib.POEntry(
                    msgctxt=meant.msgctxt,
                    msgid=meant.msgid,
                    msgid_plural=meant.msgid_plural,
                    msgstr_plural=forms,
                    flags=[flag for flag in meant.flags if flag.endswith("-format")],
                )
            )
    catalogue.save(str(ROOT / name))
    print(f"{name}: {len(catalogue)} texts, {len(catalogue.untranslated_entries())} to translate")


def check() -> int:
    """Gather into a copy and print every problem; return 1 when there is one."""
    with tempfile.TemporaryDirectory(prefix="kelrodis-texts-") as folder:
        names = gathered(folder)
        problems = [line for name in names for line in catalogue_problems(Path(folder) / name, name)]
    if not names:
        problems = ["makemessages found no texts at all"]
    problems += [line for domain in DOMAINS for line in completion_problems(domain)]
    print("\n".join(problems))
    return 1 if problems else 0


def update() -> int:
    """Gather, drop what is obsolete, and let an English text without a translation stand for itself."""
    with tempfile.TemporaryDirectory(prefix="kelrodis-texts-") as folder:
        for name in gathered(folder):
            catalogue = polib.pofile(str(Path(folder) / name), wrapwidth=0)
            for entry in catalogue.obsolete_entries():
                catalogue.remove(entry)
            for entry in catalogue.fuzzy_entries():
                forget_guess(entry)
            if name.parts[-3] == "en":
                for entry in catalogue.untranslated_entries():
                    fill_with_itself(entry)
            catalogue.header = "The texts of Kelrodis, gathered by `make messages`."
            catalogue.metadata_is_fuzzy = 0
            catalogue.metadata = {
                "Project-Id-Version": "kelrodis",  # no dates and no names: they make noise in every change
                "Language": name.parts[-3],
                **{key: catalogue.metadata[key] for key in KEPT},
            }
            (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(ROOT / name))
            print(f"{name}: {len(catalogue)} texts, {len(catalogue.untranslated_entries())} to translate")
    for domain in DOMAINS:
        complete(domain)
    return 0


def forget_guess(entry: polib.POEntry) -> None:
    """Empty a translation that gettext guessed from a similar text: an empty one is seen, a wrong one may not be."""
    entry.flags.remove("fuzzy")
    entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None
    entry.msgstr = ""
    entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")


def fill_with_itself(entry: polib.POEntry) -> None:
    """Take the text of the code, which is English, as the English translation."""
    if entry.msgid_plural:
        entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
    else:
        entry.msgstr = entry.msgid


if __name__ == "__main__":
    sys.exit({"check": check, "update": update}[sys.argv[1]]())
