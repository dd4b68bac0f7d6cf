#!/usr/bin/env bash
# Registers the trial platform with the portal, as an administrator would, and serves it beside the portal.
set -euo pipefail
cd -P "$(dirname "$0")/.."
export DJANGO_SETTINGS_MODULE=portal.settings.dev

var=${KELRODIS_VAR:-var}
port=${PLATFORM_PORT:-9100}
tool=http://${HOST:-localhost}:${PORT:-8000}
platform=(.venv/bin/python -m tests.platform --host 127.0.0.1 --port "$port" --tool "$tool" --state "$var/platform" --seed demo)

# {"client_id": "x", …} becomes --client-id=x …, the words of `manage.py lti_platform add`.
as_flags='import json, sys; [print(f"--{k.replace(chr(95), chr(45))}={v}") for k, v in json.load(sys.stdin).items()]'
mapfile -t flags < <("${platform[@]}" --print-registration | .venv/bin/python -c "$as_flags")
.venv/bin/python manage.py lti_platform add --name "Trial platform" --allow-private-network "${flags[@]}" >/dev/null
echo "Trial platform: http://127.0.0.1:$port/   (the portal itself: $tool/, started with make run)"
# Once it serves, it gets a course whose activities open the demo's.
.venv/bin/python manage.py activities --json | .venv/bin/python -m tests.platform.furnish --url "http://127.0.0.1:$port" &
exec "${platform[@]}"
