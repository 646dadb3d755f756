"""An archive as the line leaves it, of random content: what recovery and flips are measured on."""

import random
from pathlib import Path

from pipeline.assembly import Workshop
from pipeline.documents import leaf_of
from pipeline.stage_results import ArchivedDocument, Plan, Registered
from records.archived import LedgerLeaf
from records.codec import encode
from records.ids import derive_id
from records.judgements import Verdict
from records.settings import Settings
from records.values import Batch, Box, Delivery, Document, Institution, Line, PageText, Word

INSTITUTIONS = ("31234567", "9876ABCD")
_WORDS = ("본태성", "고혈압", "아목시실린", "혈색소", "진료확인서", "당뇨병", "처방전", "소견")
_AT_ONCE = 500


def open_house(
    folder: Path, *, timestamp_url: str = "", timestamp_certificates: str = ""
) -> Workshop:
    """A house with a second site beside it."""
    return Workshop(
        Settings(
            home=str(folder / "house"),
            replica_url=(folder / "second").as_uri(),
            master_key=str(folder / "safe" / "master.key"),
            timestamp_url=timestamp_url,
            timestamp_certificates=timestamp_certificates,
        )
    )


def fill(workshop: Workshop, documents: int, chance: random.Random, sizes: tuple[int, int]) -> None:
    """Half the documents for each institution; each with its original and its page's work."""
    for code in INSTITUTIONS:
        vault, batch = workshop.vault(code), derive_id("b", code)
        delivery = Delivery(Institution(code, "가상의원"))
        plan = Plan("eng", "reading", "classifying", 0.8)
        vault.put("batch", batch, encode(Registered(Batch(batch, delivery, ()), plan)))
        count = documents // len(INSTITUTIONS)
        for start in range(0, count, _AT_ONCE):
            numbers = range(start, min(count, start + _AT_ONCE))
            _put(workshop, code, batch, numbers, chance, sizes)
        workshop.archive.access.record(code, "auditor", "127.0.0.1", "view", "bench")
    workshop.archive.ledger.sign_head()


def _put(
    workshop: Workshop,
    code: str,
    batch: str,
    numbers: range,
    chance: random.Random,
    sizes: tuple[int, int],
) -> None:
    vault = workshop.vault(code)
    originals = [
        (derive_id("f", code, number), chance.randbytes(chance.randint(*sizes)))
        for number in numbers
    ]
    kept = [_document(code, batch, number, chance) for number in numbers]
    leaves: list[LedgerLeaf] = [leaf_of(one, batch) for one in vault.put_all("original", originals)]
    leaves += [leaf_of(one, batch) for one in vault.put_all("document", kept)]
    vault.put_all("work/page", [(derive_id("p", code, n), b"%d" % n) for n in numbers])
    workshop.archive.ledger.append(leaves)


def _document(code: str, batch: str, number: int, chance: random.Random) -> tuple[str, bytes]:
    page = derive_id("p", code, number)
    words = tuple(Word(chance.choice(_WORDS), Box(i, 0, i + 9, 9)) for i in range(200))
    text = PageText(page, 1000, 1000, 300, 0, 0.0, (Line(words),))
    document = Document(
        derive_id("d", code, number), batch, derive_id("t", code), (page,), "certificate", 0.9, None
    )
    record = ArchivedDocument(document, Verdict(document.id, "accept"), (text,), ())
    return document.id, encode(record)
