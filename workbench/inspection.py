"""Pages on which a person looks before deciding: one held document, one page of a sample.

The decision itself is given at the terminal or to Airflow. Who scanned the batch is not shown them.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from pipeline.assembly import Workshop
from pipeline.reader import Reader
from pipeline.reviewing import held_document
from pipeline.sample_pages import page_to_judge
from records.errors import RejectedInput
from records.field_names import field_name, field_text
from records.ids import is_id
from records.reasons import explain
from records.taxonomy import load_taxonomy
from workbench.pages import render

_LINES = 40


def add_inspection(app: FastAPI, workshop: Callable[[], Workshop], who: Callable[..., Any]) -> None:
    """Mount both pages; each look is logged before anything is opened."""

    @app.get("/batches/{batch}/held/{document}")
    def held(
        request: Request, batch: str, document: str, name: Annotated[str, Depends(who)]
    ) -> Response:
        _require_ids(("b", batch), ("d", document))
        shown, pages, reasons = held_document(workshop(), batch, document, _reader(request, name))
        return _page(
            title=("보류 문서", "Held document"),
            name=document,
            kind=shown.type,
            confidence=shown.type_confidence,
            reasons=reasons,
            fields=shown.fields,
            pages=[(page.page_id, page.lines[:_LINES]) for page in pages],
        )

    @app.get("/batches/{batch}/sample/{item}")
    def sample(
        request: Request, batch: str, item: str, name: Annotated[str, Depends(who)]
    ) -> Response:
        _require_ids(("b", batch), ("i", item))
        shown = page_to_judge(workshop(), batch, item, _reader(request, name))
        return _page(
            title=("표본의 쪽", "Sampled page"),
            name=item,
            kind=shown.kind,
            confidence=None,
            reasons=(),
            fields=shown.fields,
            place=(shown.number, shown.pages),
            pages=[(shown.page, shown.text.lines[:_LINES] if shown.text else ())],
        )


def _page(**facts: Any) -> Response:
    kinds, kind = load_taxonomy(), facts["kind"]
    known = kind in kinds.kinds
    words = (kinds.name(kind), kinds.name(kind, "en"))
    aside = (explain(f"flag.{kind}"), explain(f"flag.{kind}", "en"))
    return HTMLResponse(
        render(
            "inspection.html",
            **{"place": None} | facts,
            kind_words=words if known else aside,
            field_name=field_name,
            field_text=field_text,
            kinds=[one for one in kinds.kinds.values() if one.code != "blank"],
        )
    )


def _require_ids(*given: tuple[str, str]) -> None:
    for prefix, value in given:
        if not value.startswith(f"{prefix}-") or not is_id(value):
            raise RejectedInput("page_not_here")


def _reader(request: Request, name: str) -> Reader:
    return Reader(name, request.client.host if request.client else "", "workbench")
