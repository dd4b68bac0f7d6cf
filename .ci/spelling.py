"""Lithuanian spelling of what people read: the catalogues and the demo's content, by Debian's hunspell-lt.

Names and words that the dictionary lacks are in ``.ci/spelling-allow.txt``; one that no text uses is a fault. What HTML
marks as another language (``<cite lang="en">``) or as code is left out.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import yaml

ROOT = Path(__file__).resolve().parents[1]
ALLOWED = Path(__file__).with_name("spelling-allow.txt")
NOISE = re.compile(
    r"""<(\w+)\b[^>]*\blang=["'](?!lt)[^>]*>.*?</\1>"""  # marked as another language
    r"|<code>.*?</code>"
    r"|<[^>]+>"  # HTML
    r"|%\(\w+\)[sdr]|%[sd%]|\{[^}]*\}"  # placeholders
    r"|\b\w+://\S+|\bwww\.\S+|\S+@\S+"  # addresses
    r"|\b[\w-]+(?:[./_][\w-]+)+\b",  # file names, paths, host names
    re.DOTALL,
)
CITED = {"authors", "title", "publisher"}  # in the cited work's own language
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def catalogue_texts() -> Iterator[tuple[str, str]]:
    """Yield place and text of every Lithuanian translation."""
    for path in sorted(ROOT.glob("portal/locale*/lt/LC_MESSAGES/*.po")):
        for entry in polib.pofile(str(path)):
            if not entry.obsolete:
                for text in [entry.msgstr, *entry.msgstr_plural.values()]:
                    yield str(path.relative_to(ROOT)), text


def strings(value: object) -> Iterator[str]:
    """Yield the strings inside a YAML document, without the keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        cited = CITED if value.get("type") == "citation" else set()
        for key, inner in value.items():
            if key not in cited:
                yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def demo_texts() -> Iterator[tuple[str, str]]:
    """Yield place and text of everything Lithuanian in the demo's content."""
    for path in sorted((ROOT / "portal" / "demo" / "content").glob("**/*.lt.yaml")):
        for text in strings(yaml.safe_load(path.read_text(encoding="utf-8"))):
            # A single lower-case word with a hyphen or an underscore is a slug or a choice, not prose.
            if not re.fullmatch(r"[a-z0-9]+([_-][a-z0-9]+)*", text):
                yield str(path.relative_to(ROOT)), text


def words() -> dict[str, str]:
    """Return every word to check, with the first place it stands in."""
    found: dict[str, str] = {}
    for place, text in [*catalogue_texts(), *demo_texts()]:
        for word in WORD.findall(NOISE.sub(" ", html.unescape(text).replace("\u00ad", ""))):
            found.setdefault(word, place)
    return found


def unknown(candidates: list[str]) -> set[str]:
    """Return the words that the dictionary does not know."""
    done = subprocess.run(
        ["hunspell", "-d", "lt_LT", "-i", "utf-8", "-l"],
        input="\n".join(candidates),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def main() -> int:
    """Print unknown words with their places; return 1 when there are any."""
    lines = ALLOWED.read_text(encoding="utf-8").splitlines()
    allowed = {line.split("#")[0].strip() for line in lines} - {""}
    found = words()
    candidates = [word for word in found if word not in allowed and word.lower() not in allowed]
    misspelt = sorted((found[word], word) for word in unknown(candidates) & set(candidates))
    unread = sorted(allowed - set(found) - {word.lower() for word in found})
    problems = [f"{place}: {word}" for place, word in misspelt]
    problems += [f"{ALLOWED.name}: no text uses “{word}” any more" for word in unread]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
