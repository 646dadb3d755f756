"""A PDF of one page, on its way out of the decoding child: a picture on a sheet; PDF/A or not."""

import io

import img2pdf
import pikepdf
from pikepdf import Array, Dictionary, Name, pdfa

FLAVOUR = "2b"

_LONGEST, _SHORTEST = 14_400, 3  # points: what PDF/A-2 allows a page
# How a unit square is laid on the sheet for each value of EXIF's orientation.
_LAID = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}


def with_picture(
    picture: bytes, size: tuple[float, float], orientation: int = 1
) -> tuple[bytes, bool]:
    """Lay an image file on a sheet that it fills; see `finished` for what is returned.

    JPEG, PNG and one-strip G4 data go into the PDF as they are; img2pdf packs all else anew
    without loss.

    Args:
        picture: a file that img2pdf takes.
        size: of the sheet, in points.
        orientation: EXIF's; the data stay as they are, the picture is laid accordingly.
    """
    made = img2pdf.convert(
        picture,
        engine=img2pdf.Engine.pikepdf,
        rotation=img2pdf.Rotation.none,
        nodate=True,
        first_frame_only=True,
    )
    with pikepdf.open(io.BytesIO(made)) as source:
        (image,) = source.pages[0].obj.Resources.XObject.values()
        with pikepdf.new() as pdf:
            return _laid(pdf, pdf.copy_foreign(image), size, orientation)


def with_jpeg(
    jpeg: bytes, pixels: tuple[int, int], grey: bool, size: tuple[float, float], orientation: int
) -> tuple[bytes, bool]:
    """Lay a JPEG on a sheet whatever its colour profile is worth: for what img2pdf refuses."""
    with pikepdf.new() as pdf:
        image = pdf.make_stream(
            jpeg,
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=pixels[0],
            Height=pixels[1],
            BitsPerComponent=8,
            ColorSpace=Name.DeviceGray if grey else Name.DeviceRGB,
            Filter=Name.DCTDecode,
        )
        return _laid(pdf, image, size, orientation)


def _laid(
    pdf: pikepdf.Pdf, image: pikepdf.Object, size: tuple[float, float], orientation: int
) -> tuple[bytes, bool]:
    width, height = _allowed(size)
    a, b, c, d, e, f = _LAID.get(orientation, _LAID[1])
    laid = (a * width, b * height, c * width, d * height, e * width, f * height)
    numbers = " ".join(f"{number:.4f}" for number in laid)
    pdf.add_blank_page(page_size=(width, height))
    page = pdf.pages[0].obj
    page.Resources = Dictionary(XObject=Dictionary(Im0=image))
    page.Contents = pdf.make_stream(f"q {numbers} cm /Im0 Do Q\n".encode())
    page.MediaBox = page.CropBox = Array([0, 0, round(width, 4), round(height, 4)])
    page.Rotate = 0
    data, conforming = finished(pdf)
    if not conforming and _without_profile(image):
        data, conforming = finished(pdf)
    return data, conforming


def finished(pdf: pikepdf.Pdf) -> tuple[bytes, bool]:
    """Return the PDF's bytes, and whether its page may stand in a PDF/A-2 (pikepdf's validator).

    The validator knows what it allows: what it does not know, it refuses.
    """
    pdfa.prepare(pdf, FLAVOUR)
    settings = pdfa.resolve_save_kwargs(FLAVOUR, deterministic_id=True)
    verdict = pdfa.check(pdf, FLAVOUR, deterministic_id=True).verdict
    for key in (Name.Metadata, Name.OutputIntents):  # the document has its own; these hold a date
        del pdf.Root[key]
    if Name.Info in pdf.trailer:
        del pdf.trailer[Name.Info]
    target = io.BytesIO()
    pdf.save(target, **settings)
    return target.getvalue(), verdict == "pass"


def _allowed(size: tuple[float, float]) -> tuple[float, float]:
    scale = min(1.0, _LONGEST / max(size))
    width, height = (max(side * scale, _SHORTEST) for side in size)
    return width, height


def _without_profile(image: pikepdf.Object) -> bool:
    """Take a colour profile away that PDF/A refuses; True where there was one.

    Reading did not heed it either, and it stays in the image's own data.
    """
    space = image.get(Name.ColorSpace)
    if not isinstance(space, Array) or space[0] != Name.ICCBased:
        return False
    colours = {1: Name.DeviceGray, 3: Name.DeviceRGB}
    profile = space[1]
    if not isinstance(profile, pikepdf.Stream) or int(profile.stream_dict[Name.N]) not in colours:
        return False
    image[Name.ColorSpace] = colours[int(profile.stream_dict[Name.N])]
    return True
