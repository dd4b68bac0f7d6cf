"""Debian's servers, each started in a folder of its own, on free ports of this machine, as nobody special.

PostgreSQL refuses to run as root, and none of the others needs to: under root they run as ``nobody``.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import ClassVar, Self

import redis
import requests

from tests.stack import Stack, free_port

NEEDED = {
    "postgres": "postgresql",
    "redis-server": "redis-server",
    "rabbitmq-server": "rabbitmq-server",
    "nginx": "nginx-light",
    "openssl": "openssl",
}


def program(name: str) -> str | None:
    """Return the path of a server's program, also where Debian keeps it out of PATH."""
    folders = [os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/lib/rabbitmq/bin"]
    folders += map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))
    if name == "rabbitmq-server":
        folders.reverse()  # the one in PATH insists on the user rabbitmq
    return shutil.which(name, path=os.pathsep.join(folders))


def missing_packages() -> list[str]:
    """Return Debian's names of what is not installed."""
    return [package for name, package in NEEDED.items() if program(name) is None]


def hand_over(folder: Path) -> None:
    """Give the folder to the user the servers run as."""
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)


class Server:
    """One server process: ``start``, ``stop`` (SIGKILL too), ``restart``, and the folder it lives in."""

    name: ClassVar[str]
    is_debians: ClassVar[bool] = True  # Python may lie where only we may read it

    def __init__(self, folder: Path) -> None:
        self.folder = folder / self.name
        self.folder.mkdir(parents=True)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.prepare()
        hand_over(self.folder)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    @property
    def environment(self) -> dict[str, str]:
        """What the process finds in its environment."""
        return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.folder), "LANG": "C.UTF-8"}

    def prepare(self) -> None:
        """Write what the server needs before its first start."""

    def command(self) -> list[str]:
        """Return the command line."""
        raise NotImplementedError

    def ready(self) -> bool:
        """Whether it answers."""
        raise NotImplementedError

    def start(self) -> None:
        """Start and wait until it answers."""
        log = (self.folder.parent / f"{self.name}.log").open("ab")
        self.process = subprocess.Popen(
            self.command(),
            cwd=self.folder,
            env=self.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **(unprivileged() if self.is_debians else {}),
        )
        log.close()
        Stack.wait_for(self.ready, self.name, seconds=60)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it; SIGKILL ends the whole group at once, as a power cut would."""
        process, self.process = self.process, None
        if process is None:
            return
        if how != signal.SIGKILL:
            process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)

    def restart(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop and start."""
        self.stop(how)
        self.start()


def unprivileged() -> dict[str, object]:
    """Return what makes a child run as ``nobody`` when we are root."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}


def run(*command: str, cwd: Path, env: dict[str, str]) -> str:
    """Run a server's own tool as the server's user. Raises CalledProcessError."""
    done = subprocess.run(
        command, cwd=cwd, env=env, check=True, capture_output=True, text=True, **unprivileged()
    )
    return done.stdout


class Postgres(Server):
    """PostgreSQL with one database, ``kelrodis``, of the user ``kelrodis``."""

    name = "postgres"

    def prepare(self) -> None:
        hand_over(self.folder)
        data = str(self.folder / "data")
        options = ["--username=kelrodis", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        run(program("initdb") or "initdb", "-D", data, *options, cwd=self.folder, env=self.environment)

    def command(self) -> list[str]:
        return [
            program("postgres") or "postgres",
            *("-D", str(self.folder / "data"), "-p", str(self.port), "-k", str(self.folder)),
            *("-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200", "-c", "log_statement=none"),
        ]

    def ready(self) -> bool:
        try:
            self.psql("SELECT 1")
        except subprocess.CalledProcessError:
            return False
        return True

    def start(self) -> None:
        super().start()
        if "kelrodis" not in self.psql("SELECT datname FROM pg_database"):
            self.psql("CREATE DATABASE kelrodis")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it; SIGINT is PostgreSQL's fast shutdown, which does not wait for clients."""
        super().stop(signal.SIGINT if how == signal.SIGTERM else how)

    def psql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement and return what it printed, unaligned."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "kelrodis", "-d", database]
        return run(
            program("psql") or "psql", *where, "-XAtc", statement, cwd=self.folder, env=self.environment
        ).strip()

    @property
    def url(self) -> str:
        """The address for KELRODIS_DATABASE_URL."""
        return f"postgres://kelrodis@127.0.0.1:{self.port}/kelrodis"


class Redis(Server):
    """Redis, with nothing kept on disk."""

    name = "redis"

    def command(self) -> list[str]:
        return [
            program("redis-server") or "redis-server",
            *("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)),
        ]

    def ready(self) -> bool:
        try:
            return bool(self.client().ping())
        except redis.ConnectionError:
            return False

    def client(self) -> redis.Redis:
        """Return a client of database 0."""
        return redis.Redis(port=self.port)

    @property
    def url(self) -> str:
        """The address for KELRODIS_CACHE_URL."""
        return f"redis://127.0.0.1:{self.port}/0"


class Rabbit(Server):
    """RabbitMQ with a name, a cookie and a port mapper of its own."""

    name = "rabbitmq"

    def prepare(self) -> None:
        self.dist, self.epmd = free_port(), free_port()
        (self.folder / "plugins").write_text("[].\n", encoding="ascii")
        cookie = self.folder / ".erlang.cookie"
        cookie.write_text(f"kelrodis{self.port}", encoding="ascii")
        cookie.chmod(0o400)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **super().environment,
            "RABBITMQ_NODENAME": f"kelrodis{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.dist),
            "ERL_EPMD_PORT": str(self.epmd),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2",
        }

    def command(self) -> list[str]:
        return [program("rabbitmq-server") or "rabbitmq-server"]

    def ready(self) -> bool:
        try:
            self.control("await_startup", "--timeout", "5")
        except subprocess.CalledProcessError:
            return False
        return True

    def control(self, *arguments: str) -> str:
        """Run rabbitmqctl."""
        folder = Path(program("rabbitmq-server") or "").parent
        return run(str(folder / "rabbitmqctl"), "-q", *arguments, cwd=self.folder, env=self.environment)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        super().stop(how)
        mapper = shutil.which("epmd")
        if mapper:  # the port mapper outlives the node that started it
            subprocess.run(
                [mapper, "-port", str(self.epmd), "-kill"],
                env=self.environment,
                capture_output=True,
                check=False,
            )

    @property
    def url(self) -> str:
        """The address for KELRODIS_BROKER_URL."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"


class Store(Server):
    """A store that speaks S3, in memory (moto)."""

    name = "s3"
    is_debians = False

    def command(self) -> list[str]:
        return [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]

    def ready(self) -> bool:
        return requests.get(f"{self.url}/moto-api/", timeout=5).status_code == 200

    def make_bucket(self, name: str) -> None:
        """Make an empty bucket."""
        requests.put(f"{self.url}/{name}", timeout=10).raise_for_status()

    def names(self, bucket: str) -> str:
        """Return the listing of a bucket, as S3 writes it."""
        return requests.get(f"{self.url}/{bucket}", timeout=10).text

    @property
    def url(self) -> str:
        """The address for KELRODIS_S3_ENDPOINT."""
        return f"http://127.0.0.1:{self.port}"


def start_all(servers: list[Server]) -> None:
    """Start them side by side. Raises what the first failing one raised."""
    failures: list[BaseException] = []

    def start(server: Server) -> None:
        try:
            server.start()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=start, args=(server,)) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
