"""Two machines behind nginx, started by the ExecStart lines of the units in docs/guides/deploy.

Each has a folder of its own and shares nothing with the other but PostgreSQL, Redis, RabbitMQ and the
buckets.
"""

from __future__ import annotations

import secrets
import shlex
import subprocess
from pathlib import Path
from typing import Any, Self

import requests

from tests.production.servers import Postgres, Rabbit, Redis, Server, Store, program, start_all
from tests.stack import PYTHON, ROOT, Stack, free_port

DEPLOY = ROOT / "docs" / "guides" / "deploy"
BUCKETS = ("kelrodis", "kelrodis-private")
TOKEN = "stebejimas-prie-nemuno"  # noqa: S105


class Unit:
    """What a systemd unit says: ``exec_start`` and ``environment``, with its places put elsewhere."""

    def __init__(self, file: str, *, var: Path, instance: str = "1") -> None:
        places = {
            "/opt/kelrodis/.venv/bin": str(Path(PYTHON).parent),
            "/opt/kelrodis": str(ROOT),
            "/var/lib/kelrodis": str(var),
            "%%": "%",
            "%i": instance,
        }
        self.exec_start: list[str] = []
        self.environment: dict[str, str] = {}
        for line in (DEPLOY / file).read_text(encoding="utf-8").splitlines():
            name, _equals, value = line.partition("=")
            for here, there in places.items():
                value = value.replace(here, there)
            if name == "ExecStart":
                self.exec_start = shlex.split(value)
            elif name == "Environment":
                key, _equals, setting = value.partition("=")
                self.environment[key] = setting


def environment_file() -> dict[str, str]:
    """Return the settings of the example environment file, as systemd reads them."""
    lines = (DEPLOY / "kelrodis.env").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value.strip().strip('"') for name, value in pairs}


class Machine(Stack):
    """One machine: web, worker and perhaps the clock, by the units."""

    def __init__(self, name: str, var: Path, env: dict[str, str]) -> None:
        settings = environment_file() | env
        super().__init__(var, settings="portal.settings.production", **settings)
        self.name = name
        self.env |= {"KELRODIS_VAR": str(var), "WEB_CONCURRENCY": "2"}
        (var / "beat").mkdir(exist_ok=True)
        units = {
            "web": Unit("kelrodis-web.service", var=var),
            "worker": Unit("kelrodis-worker@.service", var=var, instance=name),
            "beat": Unit("kelrodis-beat.service", var=var),
        }
        self.lines = {unit: made.exec_start for unit, made in units.items()}
        self.env |= units["web"].environment | {"BIND": f"127.0.0.1:{self.port}"}

    def commands(self) -> dict[str, list[str]]:
        """Return the ExecStart line of each unit."""
        return self.lines

    def start(self, *names: str) -> None:
        """Start the named units; a web server is waited for."""
        for name in names:
            with (self.var / "log" / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    self.lines[name], cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
                )
        if "web" in names:
            self.wait_for(self.is_ready, f"web on {self.name}", seconds=60)

    def furnish(self) -> None:
        """Load the demo, which production refuses (its people have a public password)."""
        production, self.env = self.env, {**self.env, "DJANGO_SETTINGS_MODULE": "portal.settings.dev"}
        try:
            self.manage("demo")
        finally:
            self.env = production

    def probe(self, path: str, **headers: str) -> requests.Response:
        """Ask this machine, past nginx."""
        return requests.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=10)

    def is_ready(self) -> bool:
        """Whether it says so itself."""
        return self.probe("/readyz").status_code == 200

    def log(self, name: str) -> str:
        """Return what a unit has logged."""
        return (self.var / "log" / f"{name}.log").read_text(encoding="utf-8")


class Nginx(Server):
    """nginx with the configuration of the guide: other names and ports, and a certificate of its own."""

    name = "nginx"
    is_debians = False  # it reads a certificate and starts workers of its own

    def __init__(self, folder: Path, backends: list[int]) -> None:
        self.backends = backends
        super().__init__(folder)

    def prepare(self) -> None:
        self.plain = free_port()
        self.certificate, key = self.folder / "certificate.pem", self.folder / "key.pem"
        subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject),
                *("-keyout", str(key), "-out", str(self.certificate)),
            ],
            check=True,
            capture_output=True,
        )
        site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
        servers = "\n".join(f"server 127.0.0.1:{p} max_fails=1 fail_timeout=2s;" for p in self.backends)
        changes = {
            "server 127.0.0.1:8000 max_fails=1 fail_timeout=2s;": servers,
            "listen [::]:80;": "",
            "listen [::]:443 ssl http2;": "",
            "listen 80;": f"listen 127.0.0.1:{self.plain};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port} ssl http2;",
            "proxy_set_header Host $host;": "proxy_set_header Host $http_host;",  # for its port
            "kelrodis.example": "localhost",
            "/etc/letsencrypt/live/localhost/fullchain.pem": str(self.certificate),
            "/etc/letsencrypt/live/localhost/privkey.pem": str(key),
        }
        for old, new in changes.items():
            assert old in site, f"nginx.conf of the guide has no {old!r} any more"
            site = site.replace(old, new)
        temporary = "\n".join(
            f"{kind}_temp_path {self.folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"user root;\npid {self.folder}/pid;\ndaemon off;\nerror_log stderr warn;\n"
            f"events {{}}\nhttp {{\n{temporary}\naccess_log off;\n{site}\n}}\n",
            encoding="utf-8",
        )

    def command(self) -> list[str]:
        return [
            program("nginx") or "nginx",
            *("-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-e", "stderr"),
        ]

    def ready(self) -> bool:
        return requests.get(f"{self.url}/healthz", verify=str(self.certificate), timeout=5).status_code < 600

    @property
    def url(self) -> str:
        """The public address."""
        return f"https://localhost:{self.port}"


class Cluster:
    """Everything together. ``with Cluster(folder) as cluster: cluster.get("/lt/")``."""

    def __init__(self, folder: Path) -> None:
        self.postgres, self.redis = Postgres(folder), Redis(folder)
        self.rabbit, self.store = Rabbit(folder), Store(folder)
        self.servers: list[Server] = [self.postgres, self.redis, self.rabbit, self.store]
        ports = [free_port(), free_port()]
        self.nginx = Nginx(folder, ports)
        secret = folder / "secret_key"
        secret.write_text(secrets.token_urlsafe(60), encoding="ascii")
        shared = {
            "KELRODIS_SITE_URL": self.nginx.url,
            "KELRODIS_HOSTS": "localhost",
            "KELRODIS_SECRET_KEY_FILE": str(secret),
            "KELRODIS_DATABASE_URL": self.postgres.url,
            "KELRODIS_CACHE_URL": self.redis.url,
            "KELRODIS_BROKER_URL": self.rabbit.url,
            "KELRODIS_S3_ENDPOINT": self.store.url,
            "KELRODIS_S3_BUCKET": BUCKETS[0],
            "KELRODIS_S3_PRIVATE_BUCKET": BUCKETS[1],
            "KELRODIS_S3_ACCESS_KEY": "test",
            "KELRODIS_S3_SECRET_KEY": "test",
            "KELRODIS_S3_REGION": "eu-north-1",
            "KELRODIS_METRICS_TOKEN": TOKEN,
            "KELRODIS_STATIC": str(folder / "static"),
            "KELRODIS_MAIL_FOLDER": str(folder / "mail"),
        }
        self.machines = []
        for name, port in zip("ab", ports, strict=True):
            machine = Machine(name, folder / f"machine-{name}", shared)
            machine.port = port
            machine.env["BIND"] = f"127.0.0.1:{port}"
            self.machines.append(machine)
        self.first, self.second = self.machines

    def __enter__(self) -> Self:
        start_all(self.servers)
        for bucket in BUCKETS:
            self.store.make_bucket(bucket)
        self.first.manage("collectstatic", "--noinput", "--verbosity", "0")
        self.first.manage("migrate", "--verbosity", "0")
        self.first.furnish()
        for machine in self.machines:
            machine.start("web", "worker")
        self.first.start("beat")
        self.nginx.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.nginx.stop()
        for machine in self.machines:
            for name in list(machine.processes):
                machine.stop(name)
        for server in reversed(self.servers):
            server.stop()

    def get(self, path: str, **options: Any) -> requests.Response:
        """Ask by the public address."""
        options = {"verify": str(self.nginx.certificate), "timeout": 20} | options
        return requests.get(f"{self.nginx.url}{path}", **options)

    def session(self) -> requests.Session:
        """Return a browser that trusts the certificate."""
        session = requests.Session()
        session.verify = str(self.nginx.certificate)
        return session
