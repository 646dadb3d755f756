"""What a stage may tell when it fails: a code, ids, a class and places in code; never content.

An exception of a library may carry text of a page in its message, and Airflow writes messages into
its logs; so every exception that is not of our family leaves a stage as one of ours.
"""

import functools
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from records.errors import GiroksilError, TransientError
from records.redacted_logging import event

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


def tells_ids_only(stage: Callable[P, R]) -> Callable[P, R]:
    """Let a stage raise only errors of our family.

    A failing disk or connection becomes TransientError `machine_failed`, anything else
    GiroksilError `stage_failed`; the subject is the exception's class.
    """

    @functools.wraps(stage)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return stage(*args, **kwargs)
        except GiroksilError as error:
            raise error from None  # its cause may name a file
        except OSError as error:
            _log(stage.__name__, error)
            raise TransientError("machine_failed", _name(error)) from None
        except Exception as error:  # noqa: BLE001  (nothing is swallowed: it leaves as one of ours)
            _log(stage.__name__, error)
            raise GiroksilError("stage_failed", _name(error)) from None

    return told


def _log(stage: str, error: Exception) -> None:
    event(log, "stage_failed", logging.ERROR, stage=stage, error=_name(error))
    for frame in traceback.extract_tb(error.__traceback__):
        place = f"{Path(frame.filename).stem}.{frame.name}".lower()
        event(log, "stage_failed_at", logging.ERROR, place=place, line=frame.lineno or 0)


def _name(error: Exception) -> str:
    return type(error).__name__.lower()
