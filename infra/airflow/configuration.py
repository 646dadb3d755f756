"""What a local Airflow is told: secrets made at first start, one `airflow.cfg` made at each.

Everything is for the owner's eyes only (0600). `AIRFLOW_HOME=<home> airflow …` sees the same
configuration, so Airflow's own commands work beside ours.
"""

import base64
import dataclasses
import json
import os
import secrets
from pathlib import Path

# Name and role in Airflow. `operator` is also who `giroksil digitize` logs in as.
USERS = {"operator": "admin", "team": "user", "steward": "user", "auditor": "viewer"}
API_HOST = "127.0.0.1"


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where one local Airflow lives."""

    checkout: Path
    home: Path

    @property
    def logs(self) -> Path:
        """Folder of the services' logs; tasks' logs are beside them, in `tasks`."""
        return self.home / "logs"

    @property
    def passwords(self) -> Path:
        """User name to password, as Airflow's simple users want it."""
        return self.home / "passwords.json"

    @property
    def access(self) -> Path:
        """Address and login of a running Airflow, for `giroksil digitize`."""
        return self.home / "access.json"

    @property
    def database(self) -> Path:
        """Airflow's own bookkeeping."""
        return self.home / "airflow.db"


def write_private(path: Path, text: str) -> None:
    """Write a file in one step, readable by its owner only."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    new.replace(path)


def passwords_of(place: Place) -> dict[str, str]:
    """Passwords of the users; made where there are none yet."""
    known = json.loads(place.passwords.read_text()) if place.passwords.exists() else {}
    wanted = {user: known.get(user) or secrets.token_urlsafe(12) for user in USERS}
    if wanted != known:
        write_private(place.passwords, json.dumps(wanted, indent=1) + "\n")
    return wanted


def write_configuration(place: Place, port: int, cores: int) -> None:
    """Write `airflow.cfg` for this port and this number of cores."""
    keys = _secrets_of(place)
    url = f"http://{API_HOST}:{port}"
    options: dict[str, dict[str, object]] = {
        "core": {
            "executor": "LocalExecutor",
            "parallelism": cores,
            "max_active_tasks_per_dag": max(16, cores),
            "max_map_length": 10_000,
            "dags_folder": place.checkout / "dags",
            "plugins_folder": place.checkout / "plugins",
            "load_examples": False,
            "dags_are_paused_at_creation": False,
            "default_task_retry_delay": 30,
            "fernet_key": keys["fernet_key"],
            "execution_api_server_url": f"{url}/execution/",
            "auth_manager": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager"
            ".SimpleAuthManager",
            "simple_auth_manager_users": ",".join(f"{u}:{role}" for u, role in USERS.items()),
            "simple_auth_manager_passwords_file": place.passwords,
        },
        # Seconds to wait for another writer: with SQLite's own 5, a busy machine sees `locked`.
        "database": {"sql_alchemy_conn": f"sqlite:///{place.database}?timeout=15"},
        "api": {
            "host": API_HOST,
            "port": port,
            "base_url": url,
            "workers": 1,
            "secret_key": keys["api_secret_key"],
            "instance_name": "기록실 Giroksil",
        },
        "api_auth": {"jwt_secret": keys["jwt_secret"]},
        # A changed file is read at the next look at the folder, every ten seconds; reading all
        # of them again each half minute took 7 % of a core and the database's only lock.
        "dag_processor": {"refresh_interval": 10, "min_file_process_interval": 600},
        # A worker that was killed is noticed after this many seconds, its task tried again.
        "scheduler": {"task_instance_heartbeat_timeout": 60},
        "logging": {
            "base_log_folder": place.logs / "tasks",
            "file_task_handler_new_folder_permissions": "0o700",
            "file_task_handler_new_file_permissions": "0o600",
        },
        "usage_data_collection": {"enabled": False},
    }
    lines = []
    for section, values in options.items():
        lines.append(f"[{section}]")
        lines += [f"{name} = {str(value).replace('%', '%%')}" for name, value in values.items()]
    write_private(place.home / "airflow.cfg", "\n".join(lines) + "\n")


def environment_of(place: Place, giroksil_home: Path) -> dict[str, str]:
    """Environment of the services and their tasks; settings of another Airflow are left out."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW_", "_AIRFLOW"))}
    return inherited | {
        "AIRFLOW_HOME": str(place.home),
        "GIROKSIL_HOME": str(giroksil_home),
        "PYTHONPATH": str(place.checkout),
        "PYTHONUNBUFFERED": "1",
        # Two readers whose threads fight for two cores take thirteen times as long as without.
        "OMP_THREAD_LIMIT": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "NO_PROXY": API_HOST,
        "no_proxy": API_HOST,
    }


def _secrets_of(place: Place) -> dict[str, str]:
    path = place.home / "secrets.json"
    if not path.exists():
        made = {
            "fernet_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "jwt_secret": secrets.token_urlsafe(64),
            "api_secret_key": secrets.token_urlsafe(32),
        }
        write_private(path, json.dumps(made) + "\n")
    found: dict[str, str] = json.loads(path.read_text())
    return found
