"""Lengths that keep the code readable in one look: functions, files, templates.

An exception stands in ``.ci/lengths-exceptions.txt`` with its own limit and its reason; one that is no longer
needed is itself a fault, so the list only shrinks.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXCEPTIONS = Path(__file__).with_name("lengths-exceptions.txt")
FUNCTION, FILE, TEMPLATE = 40, 400, 60
FOLDERS = ("portal", "courses", "lti", "certificates", "surveys", "events", "benchmarks", "tests", ".ci")
SKIPPED = {"migrations", "node_modules", "__pycache__", "static"}


def exceptions() -> dict[str, int]:
    """Return the allowed lines by name (``path`` or ``path:function``); each line must give a reason."""
    found = {}
    for line in EXCEPTIONS.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        entry, _, reason = line.partition("#")
        name, limit = entry.split()
        if not reason.strip():
            raise SystemExit(f"{EXCEPTIONS.name}: {name} has no reason")
        found[name] = int(limit)
    return found


def files(pattern: str, *folders: str) -> Iterator[Path]:
    """Yield our own files of a kind below the folders."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(pattern)):
            if not SKIPPED & set(path.relative_to(ROOT).parts):
                yield path


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, int]]:
    """Yield every function's dotted name and its lines, from ``def`` to its end."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name, (node.end_lineno or node.lineno) - node.lineno + 1
        name = f"{prefix}{node.name}." if isinstance(node, ast.FunctionDef | ast.ClassDef) else prefix
        yield from functions(node, name)


def measured() -> Iterator[tuple[str, int, int]]:
    """Yield name, lines and limit of everything measured."""
    for path in files("*.py", *FOLDERS):
        name, text = str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        yield name, len(text.splitlines()), FILE
        for function, lines in functions(ast.parse(text)):
            yield f"{name}:{function}", lines, FUNCTION
    for kind in ("*.html", "*.txt"):
        for path in files(kind, *FOLDERS, "templates"):
            if "templates" in path.relative_to(ROOT).parts:
                yield (
                    str(path.relative_to(ROOT)),
                    len(path.read_text(encoding="utf-8").splitlines()),
                    TEMPLATE,
                )


def main() -> int:
    """Compare all lengths with their limits; return 1 when one is over, or an exception is idle."""
    allowed = exceptions()
    problems = []
    for name, lines, limit in measured():
        permitted = allowed.pop(name, None) if lines > limit else None
        if lines > (permitted or limit):
            problems.append(f"{name}: {lines} lines, at most {permitted or limit}")
    problems += [f"{name}: this exception is no longer needed" for name in allowed]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
