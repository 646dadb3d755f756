"""Which pages of a stack may be the other side of a page's sheet, decoded when asked for.

Sheets scanned on both sides give pages 1|2, 3|4 and so on. A sheet scanned on one side only, or a
blank back that the scanner left out, shifts that; so the page on the other hand is tried too.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from intake.limits import Limits
from intake.pages import render
from records.errors import RejectedInput
from records.values import PageImage, PageRef, Scan


class ImagesInPlace:
    """Images by their place in their stack."""

    def __init__(self, pages: Iterable[PageRef]) -> None:
        self._pages = {(page.stack_id, page.order): page for page in pages if page.kind == "image"}

    def beside(self, part: Sequence[PageRef]) -> tuple[PageRef, ...]:
        """Return the images next to those of a part, in order, that are not in it."""
        own = {page.id for page in part}
        found = [image for page in part if page.kind == "image" for image in self.next_to(page)]
        found.sort(key=lambda image: image.order)
        return tuple(dict.fromkeys(image for image in found if image.id not in own))

    def next_to(self, page: PageRef) -> Iterator[PageRef]:
        """Yield the images where a page's other side may be, the likelier one first."""
        before, after = (page.stack_id, page.order - 1), (page.stack_id, page.order + 1)
        for place in (before, after) if page.order % 2 else (after, before):
            if place in self._pages:
                yield self._pages[place]


class OtherSides:
    """The pages that a page's sheet may have on its other side."""

    def __init__(
        self,
        pages: Iterable[PageRef],
        scans: Iterable[Scan],
        original: Callable[[str], bytes],
        limits: Limits,
    ) -> None:
        self._images = ImagesInPlace(pages)
        self._scans = {scan.id: scan for scan in scans}
        self._original = original
        self._limits = limits

    def of(self, page: PageRef) -> Iterator[PageImage]:
        """Yield them, the likelier one first; each is decoded when it is asked for.

        One that cannot be had is passed over: it is named as a failure where it is read itself.
        """
        for image in self._images.next_to(page):
            scan = self._scans[image.scan_id]
            try:
                yield render(scan, self._original(scan.file_id), image.index, self._limits)
            except RejectedInput:
                continue
