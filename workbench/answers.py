"""What a person reads when a page cannot be had: a status, and words in both languages."""

import logging

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from records.errors import GiroksilError, RejectedInput, TransientError
from records.redacted_logging import event
from workbench.pages import render

log = logging.getLogger(__name__)

_CODES = {401: "log_in_first", 403: "not_for_you"}


def answer_errors(app: FastAPI) -> None:
    """Make the app answer every error of ours, and every refusal, with a page."""

    @app.exception_handler(GiroksilError)
    def of_ours(request: Request, error: GiroksilError) -> Response:
        if isinstance(error, RejectedInput):
            return _page(request, 404, error.code)
        event(log, error.code, logging.ERROR, subject=error.subject)
        return _page(request, 503 if isinstance(error, TransientError) else 500, error.code)

    @app.exception_handler(HTTPException)
    def of_http(request: Request, error: HTTPException) -> Response:
        answer = _page(request, error.status_code, _CODES.get(error.status_code, "page_not_here"))
        answer.headers.update(error.headers or {})
        return answer


def _page(request: Request, status: int, code: str) -> Response:
    home = f"{request.scope['root_path']}/"
    return HTMLResponse(render("message.html", code=code, home=home), status)
