"""A stage that fails tells no content."""

import logging
import pickle

import pytest

from pipeline.telling import tells_ids_only
from records.errors import GiroksilError, RejectedInput, TransientError

NAME = "독고영재"


@tells_ids_only
def _failing(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(
    ("error", "family", "code"),
    [
        (ValueError(NAME), GiroksilError, "stage_failed"),
        (KeyError(NAME), GiroksilError, "stage_failed"),
        (OSError(28, NAME), TransientError, "machine_failed"),
        (RejectedInput("file_empty", "f"), RejectedInput, "file_empty"),
    ],
)
def test_only_our_family_leaves(
    caplog: pytest.LogCaptureFixture, error: Exception, family: type[GiroksilError], code: str
) -> None:
    """Foreign exceptions become ours, without their message and without their chain."""
    with caplog.at_level(logging.DEBUG), pytest.raises(family) as caught:
        _failing(error)
    assert type(caught.value) is family
    assert caught.value.code == code
    assert NAME not in caplog.text + str(caught.value)
    assert caught.value.__cause__ is None
    pickle.dumps(caught.value)
