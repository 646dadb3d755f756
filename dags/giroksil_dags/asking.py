"""What the tasks that ask a person share."""

import datetime as dt
from typing import Any

from airflow.sdk import Param

PATIENCE = dt.timedelta(days=30)  # how long an answer is waited for


def reason(default: str = "", **more: Any) -> dict[str, Param]:
    """The field for why somebody answers so.

    It has a default, for Airflow validates a task's parameters before anybody was asked.
    """
    return {
        "reason": Param(
            default,
            type="string",
            title="이유 / Reason",
            description_md=(
                "왜 그렇게 답하는지. 환자 이름을 쓰지 마세요.\n\n"
                "Why you answer so. Put no patient's name here."
            ),
            **more,
        ),
    }


def answered_by(answer: dict[str, Any]) -> str:
    """The id of whoever answered."""
    return (answer["responded_by_user"] or {}).get("id") or ""


def served_at() -> str:
    """The path that Airflow's pages are served under."""
    from urllib.parse import urlsplit

    from airflow.sdk.configuration import conf

    return urlsplit(conf.get("api", "base_url", fallback="")).path.rstrip("/")
