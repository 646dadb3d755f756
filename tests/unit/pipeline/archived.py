"""A small archive as the line leaves it: registered batches and documents that decode."""

from archive.opening import Archive
from pipeline.documents import leaf_of
from pipeline.stage_results import ArchivedDocument, Plan, Registered
from records.codec import encode
from records.ids import derive_id
from records.judgements import Verdict
from records.values import Batch, Box, Delivery, Document, Institution, Line, PageText, Word

ONE, TWO = "31234567", "9876ABCD"


def an_id(prefix: str, *parts: str | int) -> str:
    return derive_id(prefix, "archived", *parts)


def archive_documents(archive: Archive, institution: str, count: int) -> list[str]:
    """A batch of that many documents, each with its original, in the vault and the ledger."""
    vault, batch = archive.vault(institution), an_id("b", institution)
    delivery = Delivery(Institution(institution, "가상의원"))
    plan = Plan("eng", "reading", "classifying", 0.8)
    vault.put("batch", batch, encode(Registered(Batch(batch, delivery, ()), plan)))
    leaves, documents = [], []
    for number in range(count):
        page = an_id("p", institution, number)
        words = (Word("본태성", Box(0, 0, 9, 9)), Word(f"고혈압{number}", Box(9, 0, 18, 9)))
        document = Document(
            an_id("d", institution, number), batch, an_id("t"), (page,), "certificate", 0.9, None
        )
        record = ArchivedDocument(
            document,
            Verdict(document.id, "accept"),
            (PageText(page, 100, 100, None, 0, 0.0, (Line(words),)),),
            (),
        )
        file = an_id("f", institution, number)
        leaves.append(leaf_of(vault.put("original", file, b"scan %d" % number), batch))
        leaves.append(leaf_of(vault.put("document", document.id, encode(record)), batch))
        vault.put("work/page", page, b"text of the page")
        documents.append(document.id)
    archive.ledger.append(leaves)
    archive.ledger.sign_head()
    return documents
