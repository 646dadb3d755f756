"""The workbench as a web application: every page of it, and who may see it.

It reads and never changes anything, so every route is a GET.
It knows nobody: who is asking, and which batch a run made, is told by whoever mounts it.
"""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from pipeline.assembly import Workshop
from pipeline.batches import list_batches, thumbnail
from pipeline.overview import overview_of
from pipeline.reader import Reader
from quality.overview_page import render_overview
from records.errors import RejectedInput
from records.ids import is_id
from workbench.answers import answer_errors
from workbench.headers import StrictHeaders
from workbench.inspection import add_inspection
from workbench.pages import render


def make_app(
    open_workshop: Callable[[], Workshop],
    who: Callable[..., Any],
    batch_of_run: Callable[[str, str], str | None],
) -> FastAPI:
    """Build the workbench.

    Args:
        open_workshop: called once, at the first request; the ledger and the index stay open.
        who: a FastAPI dependency that gives the reader's name, or raises an `HTTPException`.
        batch_of_run: DAG id and run id to the id of the run's batch, None where there is none.
    """
    workshop = functools.cache(open_workshop)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(who)])
    app.add_middleware(StrictHeaders)
    answer_errors(app)

    @app.get("/")
    def batches() -> Response:
        reports = workshop().settings.reports
        lines = [(line, _report(reports, line.batch)) for line in list_batches(workshop())]
        return HTMLResponse(render("batches.html", lines=lines))

    @app.get("/overview")
    def overview() -> Response:
        return HTMLResponse(render_overview(overview_of(workshop()), links=True))

    @app.get("/batches/{batch}/report.html")
    def report(batch: str) -> Response:
        if not _is("b", batch):
            raise RejectedInput("page_not_here")
        file = _report(workshop().settings.reports, batch)
        if file is None:
            raise RejectedInput("report_not_written", batch)
        return FileResponse(file)

    @app.get("/batches/{batch}/thumbnails/{page}.webp")
    def page_thumbnail(
        request: Request, batch: str, page: str, name: Annotated[str, Depends(who)]
    ) -> Response:
        if not (_is("b", batch) and _is("p", page)):
            raise RejectedInput("page_not_here")
        reader = Reader(name, request.client.host if request.client else "", "workbench")
        return Response(thumbnail(workshop(), batch, page, reader), media_type="image/webp")

    @app.get("/batches/{batch}/data_docs/{path:path}")
    def data_docs(batch: str, path: str) -> Response:
        if not _is("b", batch):
            raise RejectedInput("page_not_here")
        file = _inside(workshop().settings.reports / batch / "data_docs", path)
        if file is None:
            raise RejectedInput("page_not_here")
        return FileResponse(file)

    @app.get("/runs/{dag_id}/{run_id}")
    def run(request: Request, dag_id: str, run_id: str) -> Response:
        batch = batch_of_run(dag_id, run_id)
        if batch is None or not _is("b", batch):
            raise RejectedInput("run_without_batch")
        return RedirectResponse(f"{request.scope['root_path']}/batches/{batch}/report.html")

    add_inspection(app, workshop, who)
    return app


def _is(prefix: str, value: str) -> bool:
    return value.startswith(f"{prefix}-") and is_id(value)


def _report(reports: Path, batch: str) -> Path | None:
    file = reports / batch / "report.html"
    return file if file.is_file() else None


def _inside(folder: Path, path: str) -> Path | None:
    """The file of that name below `folder`, or None; links that lead out do not count."""
    if "\0" in path:
        return None
    file = (folder / path).resolve()
    return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
