"""A local Airflow for one checkout: `start`, `stop`, `status`.

SQLite, LocalExecutor, simple users with generated passwords, 127.0.0.1 only. Everything it keeps
is in `<giroksil home>/airflow`. `start` waits until Airflow works, and does nothing where it does
already; `stop` ends exactly what `start` started.
"""

import argparse
import dataclasses
import datetime as dt
import fcntl
import functools
import importlib.metadata
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from api import Api, beats_since, until_answered
from configuration import (
    API_HOST,
    USERS,
    Place,
    environment_of,
    passwords_of,
    write_configuration,
    write_private,
)
from sessions import Service, is_running, spawn, stop

from records.settings import Settings, load_settings

FIRST_PORT = 8080
SERVICES = {
    "api-server": ["--host", API_HOST],
    # Its log server would listen on all addresses; the API server reads the logs from disk.
    "scheduler": ["--skip-serve-logs"],
    "dag-processor": [],
}
LOGIN = next(iter(USERS))


def main() -> int:
    """Run one command; 0 if Airflow is then as asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["start", "stop", "status"])
    parser.add_argument("--port", type=int, default=FIRST_PORT, help="first port to try")
    parser.add_argument("--patience", type=int, default=300, help="seconds to wait for a start")
    options = parser.parse_args()
    os.umask(0o077)
    checkout = Path(__file__).resolve().parents[2]
    os.chdir(checkout)  # where services and tasks look for giroksil.toml, too
    settings = load_settings()
    place = Place(checkout, settings.home_path / "airflow")
    place.logs.mkdir(parents=True, exist_ok=True)
    with (place.home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if options.command == "start":
            return start(place, settings, options.port, options.patience)
        if options.command == "stop":
            return halt(place)
    return status(place)


class StartError(Exception):
    """A part of Airflow did not come up: which one, and why, in Korean and English."""

    def __init__(self, part: str, why: str) -> None:
        super().__init__(part, why)
        self.part = part
        self.why = why


def start(place: Place, settings: Settings, first_port: int, patience: int) -> int:
    """Start Airflow and wait until it takes runs; where it does not, leave nothing running."""
    if running_url(place):
        return status(place)
    halt(place, quiet=True)
    say("Airflow를 시작합니다 … / Starting Airflow …")
    cores = len(os.sched_getaffinity(0))
    port = free_port(first_port)
    password = passwords_of(place)[LOGIN]
    write_configuration(place, port, cores)
    api = Api(f"http://{API_HOST}:{port}")
    environment = environment_of(place, settings.home_path)
    end = time.monotonic() + patience
    try:
        migrate(place, environment)
        moment = dt.datetime.now(dt.UTC)
        services = spawn_services(place, environment)
        wait_for_health(api, services, moment, end)
        patience_left = functools.partial(insist, services, end)
        until_answered(lambda: api.login(LOGIN, password), patience_left)
        pool = "쪽 읽기: 코어마다 하나 / reading pages: one a core"
        until_answered(lambda: api.set_pool("ocr", cores, pool), patience_left)
        wait_for_dags(place, api, services, moment, end)
    except StartError as error:
        halt(place, quiet=True)
        return complain(place, error)
    except BaseException:
        halt(place, quiet=True)
        raise
    access = {"url": api.url, "user": LOGIN, "password": password}
    write_private(place.access, json.dumps(access) + "\n")
    return status(place)


def spawn_services(place: Place, environment: dict[str, str]) -> list[Service]:
    """Start every service, noting each so that it can be stopped."""
    services: list[Service] = []
    for name, arguments in SERVICES.items():
        command = [sys.executable, "-m", "airflow", name, *arguments]
        log = place.logs / f"{name}.log"
        services.append(spawn(name, command, environment, place.checkout, log))
        write_services(place, services)
    return services


def wait_for_health(api: Api, services: list[Service], moment: dt.datetime, end: float) -> None:
    """Wait until the API answers, and scheduler and DAG processor have beaten since `moment`."""
    while not beats_since(api.health(), moment):
        insist(services, end)
        time.sleep(0.25)


def wait_for_dags(
    place: Place, api: Api, services: list[Service], moment: dt.datetime, end: float
) -> None:
    """Wait until every file of `dags/` has been read since `moment`."""
    wanted = {path.stem for path in (place.checkout / "dags").glob("*.py")}
    patience_left = functools.partial(insist, services, end)
    while wanted - until_answered(lambda: api.parsed_since(moment), patience_left):
        if broken := until_answered(api.import_errors, patience_left):
            names = " ".join(sorted(broken))
            raise StartError("dag-processor", f"읽을 수 없는 DAG / broken DAG: {names}")
        insist(services, end)
        time.sleep(0.25)


def insist(services: list[Service], end: float) -> None:
    """Raise where a service has ended or the patience has run out."""
    for service in services:
        if not is_running(service):
            raise StartError(service.name, "서비스가 끝났습니다 / the service ended")
    if time.monotonic() > end:
        raise StartError("api-server", "너무 오래 걸립니다 / it takes too long")


def halt(place: Place, *, quiet: bool = False) -> int:
    """Stop everything that `start` started; nothing else."""
    place.access.unlink(missing_ok=True)
    services = read_services(place)
    # The API server last: tasks that end report to it. It then has nothing to finish.
    stop([s for s in services if s.name != "api-server"], patience=10)
    stop(services, patience=1)
    services_file(place).unlink(missing_ok=True)
    if not quiet:
        say("Airflow를 멈췄습니다. / Airflow is stopped.")
    return 0


def status(place: Place) -> int:
    """Say where Airflow answers; 0 if it does."""
    if not (url := running_url(place)):
        say("Airflow가 돌고 있지 않습니다: make up / Airflow is not running: make up")
        return 3
    say(
        f"Airflow: {url}\n"
        f"  로그인 / login      {LOGIN}  {passwords_of(place)[LOGIN]}\n"
        f"  사용자 / users      {' '.join(USERS)}\n"
        f"  비밀번호 / passwords {place.passwords}\n"
        f"  로그 / logs         {place.logs}"
    )
    return 0


def running_url(place: Place) -> str:
    """Address of the Airflow that runs here; empty unless all of it works."""
    services = read_services(place)
    if len(services) != len(SERVICES) or not all(is_running(s) for s in services):
        return ""
    if not place.access.exists():
        return ""
    url = str(json.loads(place.access.read_text())["url"])
    return url if Api(url).health() else ""


def migrate(place: Place, environment: dict[str, str]) -> None:
    """Bring the database to this Airflow's version; nothing where it is there already."""
    stamp = place.home / "database.version"
    version = importlib.metadata.version("apache-airflow-core")
    if stamp.exists() and stamp.read_text() == version and place.database.exists():
        return
    if not stamp.exists():
        # A first start that was killed leaves half a database, with nothing of worth in it.
        place.database.unlink(missing_ok=True)
    with (place.logs / "database.log").open("wb") as log:
        command = [sys.executable, "-m", "airflow", "db", "migrate"]
        done = subprocess.run(
            command, env=environment, cwd=place.checkout, stdout=log, stderr=log, check=False
        )
    if done.returncode:
        raise StartError("database", "데이터베이스 준비 실패 / preparing the database failed")
    write_private(stamp, version)


def complain(place: Place, error: StartError) -> int:
    """Say what failed, show the end of its log and where the rest is."""
    log = place.logs / f"{error.part}.log"
    tail = log.read_text("utf-8", "replace").splitlines()[-15:] if log.exists() else []
    width = shutil.get_terminal_size().columns - 4
    sys.stderr.write(
        f"Airflow {error.part}: {error.why}\n"
        + "".join(f"  | {line[:width]}\n" for line in tail)
        + f"  로그 전체 / the whole log: {log}\n"
    )
    return 1


def free_port(first: int) -> int:
    """Return the first port from here on that nobody listens on."""
    for port in range(first, first + 100):
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind((API_HOST, port))
            except OSError:
                continue
            return port
    raise SystemExit(f"빈 포트가 없습니다 / no free port: {first}–{first + 99}")


def services_file(place: Place) -> Path:
    """Where it stands what was started."""
    return place.home / "services.json"


def read_services(place: Place) -> list[Service]:
    """Return what was started and not stopped."""
    if not services_file(place).exists():
        return []
    return [Service(**entry) for entry in json.loads(services_file(place).read_text())]


def write_services(place: Place, services: list[Service]) -> None:
    """Note what was started."""
    plain = [dataclasses.asdict(service) for service in services]
    write_private(services_file(place), json.dumps(plain) + "\n")


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
