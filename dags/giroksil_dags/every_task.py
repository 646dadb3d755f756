"""What every task of the house keeps: whose it is, when it is tried again, how long it may take."""

import datetime as dt
from typing import Any

from airflow.providers.standard.exceptions import HITLTimeoutError
from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

from records.errors import IntegrityError, RejectedInput, SetupError, TransientError


def every_task(hours: float, retries: int = 3, **more: Any) -> dict[str, Any]:
    """`default_args` of a DAG whose tasks may take so many hours each.

    Only what passes by itself is tried again; what a person must mend fails at once. The delay is
    the deployment's: `[core] default_task_retry_delay`.
    """
    return {
        "owner": "giroksil",
        "retries": retries,
        "retry_policy": ExceptionRetryPolicy(
            [
                RetryRule(TransientError, RetryAction.RETRY),
                RetryRule(
                    [RejectedInput, IntegrityError, SetupError, HITLTimeoutError],
                    RetryAction.FAIL,
                ),
            ]
        ),
        "execution_timeout": dt.timedelta(hours=hours),
        "show_return_value_in_logs": False,
        **more,
    }
