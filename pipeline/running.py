"""The line in one process group, without an orchestrator: the same stages, in the same order.

For a laptop, for tests, and as the measure of what orchestration costs.
"""

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from pipeline import stages
from pipeline.assembly import Workshop
from pipeline.releasing import must_wait, require_passed_sample
from records.errors import SetupError
from records.settings import Settings
from records.values import StageReceipt

Watch = Callable[[str, StageReceipt | None], None]


def digitize_here(
    workshop: Workshop, delivery_url: str, watch: Watch, processes: int = 0
) -> StageReceipt:
    """Run every stage for one delivery; `watch` is told each stage as it starts and ends.

    Reading is spread over `processes` (0 = as many as cores). Returns the seal's receipt.

    Raises:
        SetupError: `release_by_steward`; a batch with held documents waits for a person, and
            only the orchestrator can wait.
        RejectedInput: `sample_unfinished`, `lot_rejected`; run it again once the sample passed.
        IntegrityError: the batch does not balance.
    """

    def staged(name: str, stage: Callable[[], StageReceipt]) -> StageReceipt:
        watch(name, None)
        receipt = stage()
        watch(name, receipt)
        return receipt

    registered = staged("register", partial(stages.register, workshop, delivery_url))
    batch = registered.batch
    triaged = staged("triage", partial(stages.triage, workshop, batch))
    watch("read", None)
    _read_all(workshop.settings, batch, triaged.chunks["read"], processes, watch)
    for chunk in triaged.chunks["assemble"]:
        staged("assemble", partial(stages.assemble, workshop, batch, chunk))
    checked = staged("check", partial(stages.check, workshop, batch))
    if workshop.settings.release == "steward" and checked.counts["held"]:
        raise SetupError("release_by_steward", batch)
    if must_wait(workshop, checked.counts["held"]):
        require_passed_sample(workshop, batch)
    for chunk in checked.chunks["store"]:
        staged("store", partial(stages.store, workshop, batch, chunk))
    staged("index", partial(stages.index, workshop, batch))
    return staged("seal", partial(stages.seal, workshop, batch))


def _read_all(
    settings: Settings, batch: str, chunks: tuple[str, ...], processes: int, watch: Watch
) -> None:
    if not chunks:
        return
    workers = min(processes or len(os.sched_getaffinity(0)), len(chunks))
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn) as pool:
        jobs = [(settings, batch, chunk) for chunk in chunks]
        for receipt in pool.map(_read_chunk, jobs):
            watch("read", receipt)


def _read_chunk(job: tuple[Settings, str, str]) -> StageReceipt:
    settings, batch, chunk = job
    return stages.read(Workshop(settings), batch, chunk)
