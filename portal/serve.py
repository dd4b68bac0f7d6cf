"""`make run`: the web server, the Celery worker and its clock under one supervisor.

This process checks the address, writes a configuration and starts supervisord, which restarts what dies.
While that runs, it puts folders of ``var/`` back when they disappear, prints the address once the portal
answers, says on the terminal what was started again, and passes Ctrl-C on. Supervisord and its children ask
the kernel to be told when their parent is gone (`launch`), so none outlives it, even after SIGKILL.

Only the standard library is imported: `--probe` runs before anything is installed.
"""

from __future__ import annotations

import ctypes
import errno
import http.client
import ipaddress
import os
import pwd
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.get("KELRODIS_VAR") or ROOT / "var").absolute()
FOLDERS = ("broker/queue", "broker/control", "cache", "mail", "media", "private", "beat", "log", "run")
PATIENCE = 90  # seconds the first answer may take on a slow machine


class Refused(Exception):
    """The portal cannot start here; the message says why and what to do."""


# The address -----------------------------------------------------------------------------------


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` (a name, or an IP address with or without brackets) is this machine only."""
    host = host.strip("[]")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def wanted_address() -> tuple[str, int]:
    """Return ``HOST`` and ``PORT`` of the environment, or raise Refused."""
    host = os.environ.get("HOST") or "localhost"
    port = os.environ.get("PORT") or "8000"
    if not is_loopback(host):
        raise Refused(
            f"HOST={host} is not this machine's own address. Plain HTTP is for localhost, 127.0.0.1 and ::1\n"
            "only; for others to reach the portal, use portal.settings.production behind HTTPS."
        )
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Refused(f"PORT={port} is not a port number.")
    return host.strip("[]"), int(port)


def addresses_to_bind(host: str, port: int) -> list[str]:
    """Return the free ``ip:port`` pairs that ``host`` means, IPv4 first; raise Refused when one is taken.

    ``localhost`` is ::1 to some programs and 127.0.0.1 to others, so both are bound where both exist.
    """
    names = ["127.0.0.1", "::1"] if host.endswith("localhost") else [host]
    found = []
    for name in names:
        family = socket.AF_INET6 if ":" in name else socket.AF_INET
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((name, port))
        except PermissionError:
            raise Refused(
                f"Port {port} is for the administrator only. Choose one above 1023: make run PORT=8001"
            ) from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Refused(
                    f"Port {port} on {host} is taken by another program. Stop it, or choose another port: "
                    f"make run PORT={port + 1}"
                ) from None
            continue  # this machine has no such address (IPv6 switched off)
        found.append(f"[{name}]:{port}" if family == socket.AF_INET6 else f"{name}:{port}")
    if not found:
        raise Refused(f"This machine has no address for HOST={host}.")
    return found


# Supervisord -----------------------------------------------------------------------------------


def web_command(binds: list[str]) -> list[str]:
    """Return gunicorn's command line; its heartbeat files go to memory where there is such a folder."""
    memory = Path("/dev/shm")  # noqa: S108  # gunicorn makes unguessable names there
    heartbeat = memory if os.access(memory, os.W_OK) else VAR / "run"
    command = ["gunicorn", "portal.wsgi:application", "--preload", "--worker-class", "gthread"]
    command += ["--workers", "2", "--threads", "4", "--graceful-timeout", "10", "--no-control-socket"]
    command += ["--worker-tmp-dir", str(heartbeat), "--access-logfile", str(VAR / "log" / "access.log")]
    command += ["--logger-class", "portal.logs.AccessLog"]
    return command + [f"--bind={address}" for address in binds]


def programs(binds: list[str], run: Path) -> dict[str, list[str]]:
    """Return the command line of each child by its name."""
    celery = ["celery", "-A", "portal.celery"]
    schedule = VAR / "beat" / f"schedule-{run.name}"
    return {
        "web": web_command(binds),
        # A single worker has nobody to gossip and mingle with.
        "worker": [*celery, "worker", "-l", "INFO", "-c", "2", "--without-gossip", "--without-mingle"],
        "beat": [*celery, "beat", "-l", "INFO", "--pidfile=", "--schedule", str(schedule)],
    }


def section(title: str, **values: object) -> str:
    """Return one section of supervisord's configuration, where ``%`` begins a variable and is doubled."""
    lines = [f"{name}={value}".replace("%", "%%") for name, value in values.items()]
    return "\n".join([f"[{title}]", *lines, ""])


def configuration(binds: list[str], run: Path) -> str:
    """Return supervisord's configuration; ``run`` is the folder for its own files."""
    launch = [sys.executable, "-m", "portal.serve"]
    log = VAR / "log"
    parts = [
        section(
            "supervisord",
            nodaemon="true",
            silent="true",
            directory=ROOT,
            user=pwd.getpwuid(os.getuid()).pw_name,
            logfile=log / "supervisor.log",
            pidfile=run / "supervisord.pid",
            childlogdir=log,
        ),
    ]
    for name, command in programs(binds, run).items():
        child = section(
            f"program:{name}",
            command=shlex.join([*launch, "--launch", name, *command]),
            autorestart="true",
            startsecs=8,  # a child that dies sooner is retried later and later, not in a hot loop
            startretries=1000,
            stopwaitsecs=15,
            killasgroup="true",
            redirect_stderr="true",
            stdout_logfile=log / f"{name}.log",
            stdout_logfile_maxbytes="5MB",
            stdout_logfile_backups=2,
        )
        parts.append(child)
    # One group, since supervisord stops the members of a group together but groups one after the other.
    parts.append(section("group:portal", programs="web,worker,beat"))
    return "\n".join(parts)


def make_folders() -> None:
    """Make the folders of ``var/`` that are not there."""
    for name in FOLDERS:
        (VAR / name).mkdir(parents=True, exist_ok=True)


def start_supervisor(binds: list[str], port: int) -> subprocess.Popen[bytes]:
    """Write supervisord's configuration and start it, in a group that Ctrl-C does not reach."""
    run = VAR / "run" / str(port)
    run.mkdir(exist_ok=True)
    for stale in run.glob("*.pid"):
        stale.unlink()
    path = run / "supervisord.conf"
    path.write_text(configuration(binds, run), encoding="utf-8")
    command = [sys.executable, "-m", "portal.serve", "--launch", "supervisor"]
    command += [sys.executable, "-m", "supervisor.supervisord", "-c", str(path)]
    return subprocess.Popen(command, cwd=ROOT, process_group=0)  # noqa: S603


def serve() -> None:
    """Serve until Ctrl-C or SIGTERM; raise Refused when the portal cannot start here."""
    host, port = wanted_address()
    binds = addresses_to_bind(host, port)
    os.environ["HOST"] = f"[{host}]" if ":" in host else host
    os.environ["PORT"] = str(port)
    os.environ["KELRODIS_VAR"] = str(VAR)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"
    make_folders()
    supervisor = start_supervisor(binds, port)
    asked = stop_when_asked(supervisor)
    watch(supervisor, binds[0])
    if not asked:
        raise Refused(f"The supervisor ended by itself; see {VAR}/log/supervisor.log")


def stop_when_asked(supervisor: subprocess.Popen[bytes]) -> list[int]:
    """Pass Ctrl-C, SIGTERM and a closed terminal on as an orderly stop; return the list they are noted in."""
    asked: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if not asked:
            print("\nStopping …", flush=True)
        asked.append(number)
        supervisor.terminate()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup wants it ignored
        signal.signal(signal.SIGHUP, stop)
    return asked


# Watching --------------------------------------------------------------------------------------


def watch(supervisor: subprocess.Popen[bytes], bind: str) -> None:
    """Look every second, until supervisord ends: folders, the first answer, and children started again."""
    known: dict[str, str] = {}
    greeted, give_up = False, time.monotonic() + PATIENCE
    while supervisor.poll() is None:
        make_folders()
        report_restarts(known)
        if not greeted and answers(bind):
            greeted = True
            print(welcome(), flush=True)
        elif not greeted and time.monotonic() > give_up:
            print(f"The portal has not answered for {PATIENCE} s; see {VAR}/log/web.log", flush=True)
            give_up = time.monotonic() + PATIENCE
        time.sleep(0.25 if not greeted else 1)


def report_restarts(known: dict[str, str]) -> None:
    """Say which children have another process than the one in ``known``, and note the new one."""
    for name in ("web", "worker", "beat"):
        try:
            process = pid_file(name).read_text(encoding="ascii")
        except FileNotFoundError:
            continue
        if known.setdefault(name, process) != process:
            known[name] = process
            print(f"{name} stopped and was started again; see {VAR}/log/{name}.log", flush=True)


def answers(bind: str) -> bool:
    """Tell whether the portal answers ``GET /`` with anything but a server error."""
    try:
        connection = http.client.HTTPConnection(bind, timeout=5)
        connection.request("GET", "/", headers={"Host": f"localhost:{bind.rpartition(':')[2]}"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False


def welcome() -> str:
    """Return what a person needs to begin: the address, the demo people, where letters are."""
    address = f"http://{os.environ['HOST']}:{os.environ['PORT']}"
    people = VAR / "run" / "people.txt"
    table = people.read_text(encoding="utf-8").rstrip() + "\n\n" if people.exists() else ""
    return (
        f"\nKelrodis: {address}/\n\n{table}Letters it sends: {address}/dev/mail/\n"
        f"Logs: {VAR}/log/   Ctrl-C stops everything.\n"
    )


# Children --------------------------------------------------------------------------------------


def die_with_parent() -> None:
    """Ask Linux to send this process SIGTERM when its parent is gone, however it went."""
    pr_set_pdeathsig = 1
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGTERM)
    if os.getppid() != parent or parent == 1:
        sys.exit("The parent is gone already.")


def pid_file(name: str) -> Path:
    """Return the file that holds the process number of a child."""
    return VAR / "run" / os.environ["PORT"] / f"{name}.pid"


def launch(name: str, command: list[str]) -> None:
    """Become ``command``, leaving the process number in ``var/run/PORT/NAME.pid``."""
    die_with_parent()
    if name in {"worker", "beat"}:
        os.nice(5)  # people waiting for a page come first
    path = pid_file(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{os.getpid()}\n", encoding="ascii")
    os.execvp(command[0], command)  # noqa: S606


def main(arguments: list[str]) -> None:
    """Serve; or with ``--probe`` only check the address. ``--launch`` is for the children."""
    match arguments:
        case []:
            serve()
        case ["--probe"]:
            addresses_to_bind(*wanted_address())
        case ["--launch", name, *command]:
            launch(name, command)
        case _:
            raise Refused("Usage: python -m portal.serve [--probe]")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Refused as refusal:
        sys.exit(str(refusal))
