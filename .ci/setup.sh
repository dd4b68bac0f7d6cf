#!/usr/bin/env bash
# Prepares what a target needs and skips what is already done: setup.sh run|platform|check|test|services|install
#   all           Debian's libraries, Python packages        all but check   fonts, compiled catalogues
#   run platform  the database and the demo                  test check      the tools of tests and checks
#   install       what a server needs (docs/guides/deploy.md)
#   services      what test needs, and PostgreSQL, Redis, RabbitMQ and nginx (installed, not started)
set -euo pipefail
cd -P "$(dirname "$0")/.."

target=${1:-run}
python=${PYTHON:-python3}
var=${KELRODIS_VAR:-var}

say() { printf '%s\n' "· $*"; }
# Shows what a command printed only when it failed.
quietly() { local output; output=$("$@" 2>&1 </dev/null) || stop "$output"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

# --- Python ------------------------------------------------------------------------------------

need_python() {
    command -v "$python" >/dev/null || stop "Kelrodis needs Python 3.11 or newer, and there is no '$python' here. Install it, or name it: make $target PYTHON=python3.12"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "Kelrodis needs Python 3.11 or newer; '$python' is $("$python" -V 2>&1). Name another: make $target PYTHON=python3.12"
}

# --- System packages ---------------------------------------------------------------------------

# No pipe into grep -q: it leaves early, and with pipefail the broken pipe would read as "missing".
library() { [[ "$(PATH=$PATH:/sbin ldconfig -p)" == *"$1 "* ]]; }
program() { command -v "$1" >/dev/null; }
dictionary() { [ -e "/usr/share/hunspell/$1.dic" ] || [ -e "/usr/share/myspell/dicts/$1.dic" ]; }

missing_packages() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    program msgfmt || echo gettext
    library libpango-1.0.so.0 || echo libpango-1.0-0
    library libpangoft2-1.0.so.0 || echo libpangoft2-1.0-0
    library libharfbuzz-subset.so.0 || echo libharfbuzz-subset0
    if [ "$target" = check ]; then
        program hunspell || echo hunspell
        dictionary lt_LT || echo hunspell-lt
    fi
    if [ "$target" = services ]; then
        [ -n "$(ls -d /usr/lib/postgresql/*/bin/postgres 2>/dev/null)" ] || echo postgresql
        PATH=$PATH:/usr/sbin program redis-server || echo redis-server
        PATH=$PATH:/usr/sbin program rabbitmq-server || echo rabbitmq-server
        PATH=$PATH:/usr/sbin program nginx || echo nginx-light
        program openssl || echo openssl
    fi
    if [ "$target" = test ] || [ "$target" = services ]; then
        program chromium || program chromium-browser || program google-chrome || echo chromium
        program pdftotext || echo poppler-utils
        library libatomic.so.1 || echo libatomic1 # Playwright's Node
    fi
}

install_packages() {
    local missing as_root=() command
    missing=$(missing_packages | tr '\n' ' ')
    [ -n "${missing// /}" ] || return 0
    command="apt-get install -y --no-install-recommends $missing"
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || stop "Missing on this machine: $missing
Type this, then start again:
    sudo apt-get update && sudo $command"
        as_root=(sudo -n)
    fi
    program apt-get || stop "Missing on this machine: $missing(these are Debian's names; there is no apt-get here to install them)."
    say "installing $missing"
    as_root+=(env DEBIAN_FRONTEND=noninteractive)
    # One broken source of the machine's list need not matter; what is lacking shows in the next line.
    "${as_root[@]}" apt-get update >/dev/null 2>&1 </dev/null || true
    if [ "$target" = services ] && [ ! -e /usr/sbin/policy-rc.d ]; then
        # The tests start servers of their own; Debian need not start the machine's.
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee /usr/sbin/policy-rc.d >/dev/null
        "${as_root[@]}" chmod 755 /usr/sbin/policy-rc.d
        trap '"${as_root[@]}" rm -f /usr/sbin/policy-rc.d' RETURN
    fi
    # shellcheck disable=SC2086  # the list is meant to be split into words
    quietly "${as_root[@]}" $command
    missing=$(missing_packages | tr '\n' ' ')
    [ -z "${missing// /}" ] || stop "apt-get installed the packages, yet these are still not found: $missing"
}

# --- Stamps: a step is done when the hash of its inputs is in its stamp -------------------------

hash_of() { cat -- "$@" | sha256sum | cut -d' ' -f1; }
done_already() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
mark_done() { mkdir -p "$(dirname "$1")" && printf '%s\n' "$2" >"$1"; }

# --- Python packages ---------------------------------------------------------------------------

install_requirements() {
    local file=$1 key
    key=$(hash_of "$file")
    # A copied or moved tree, or a removed Python, leaves a .venv that does not start, or that is another tree's.
    if [ "$(.venv/bin/python -c 'import sys; print(sys.prefix)' 2>/dev/null)" != "$PWD/.venv" ] ||
        ! grep -qsF "$PWD/.venv/bin" .venv/bin/pip; then
        say "making .venv with $("$python" -V)"
        rm -rf .venv
        "$python" -m venv .venv
    fi
    done_already ".venv/stamps/$file" "$key" && return 0
    say "installing the Python packages of $file"
    # --no-deps: the file is complete, and leaves pillow-heif out on purpose (see .ci/excluded.in).
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --only-binary :all: \
        --require-hashes -r "$file"
    mark_done ".venv/stamps/$file" "$key"
    if [ "$file" = requirements-dev.txt ]; then mark_done .venv/stamps/requirements.txt "$(hash_of requirements.txt)"; fi
}

# --- Fonts and catalogues ----------------------------------------------------------------------

install_fonts() {
    local key
    key=$(hash_of package-lock.json .ci/vendor.py)
    if done_already node_modules/.stamp "$key" && [ -d portal/documents/fonts ] &&
        [ -d portal/content/static/vendor/fonts ]; then return 0; fi
    say "installing the npm packages and copying the fonts"
    .venv/bin/python .ci/vendor.py >/dev/null
    mark_done node_modules/.stamp "$key"
}

compile_catalogues() {
    local po
    for po in portal/locale/*/LC_MESSAGES/*.po portal/locale_wagtail/*/LC_MESSAGES/*.po; do
        if [ -f "$po" ] && [ ! "${po%.po}.mo" -nt "$po" ]; then msgfmt --check-format -o "${po%.po}.mo" "$po"; fi
    done
}

# --- Data --------------------------------------------------------------------------------------

load_data() {
    local key stamps=$var/stamps
    export DJANGO_SETTINGS_MODULE=portal.settings.dev
    if [ -z "${KELRODIS_DATABASE_URL:-}" ] && [ ! -f "$var/kelrodis.sqlite3" ]; then rm -rf "$stamps"; fi
    key=$(find . -path './.*' -prune -o -path ./node_modules -prune -o -path '*/migrations/*.py' -print |
        LC_ALL=C sort | xargs cat requirements.txt | sha256sum | cut -d' ' -f1)
    key="$key ${KELRODIS_DATABASE_URL:-}"
    if ! done_already "$stamps/migrated" "$key"; then
        say "bringing the database up to date"
        .venv/bin/python manage.py migrate --verbosity 0
        mark_done "$stamps/migrated" "$key"
    fi
    key="loaded $(cd portal/demo/content && echo */) ${KELRODIS_DATABASE_URL:-}" # a new course of the demo is added
    if ! done_already "$stamps/demo" "$key"; then
        say "loading the demo library"
        .venv/bin/python manage.py demo
        mkdir -p "$var/run"
        .venv/bin/python manage.py demo --people >"$var/run/people.txt"
        mark_done "$stamps/demo" "$key"
    fi
}

main() {
    need_python
    # Before anything starts: a taken port or a host that is not loopback is told at once.
    if [ "$target" = run ]; then "$python" portal/serve.py --probe; fi
    install_packages
    # One set-up at a time: `make run` and `make test` may be started side by side.
    exec 9>.setup.lock
    if program flock; then flock 9; fi
    if [ "$target" = run ] || [ "$target" = install ]; then install_requirements requirements.txt; else install_requirements requirements-dev.txt; fi
    if [ "$target" != check ]; then install_fonts; compile_catalogues; fi
    if [ "$target" = run ] || [ "$target" = platform ]; then load_data; fi
}

main
