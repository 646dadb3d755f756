"""`python -m ocr.training.fetch_faces`: fetches faces for training lines from npm's registry.

Pens with Hangul; terminals', typewriters' and book print and pens for Latin and figures. Each is a
family of Google Fonts under the Open Font License or Apache's, as Fontsource packs it, pinned by
its digest, and becomes one file. What lies there already is left alone.
"""

import hashlib
import io
import sys
import tarfile
import urllib.request
from pathlib import Path

import yaml
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

from ocr.training.faces import FETCHED, FETCHED_LATIN

_PACKAGE = "https://registry.npmjs.org/@fontsource/{name}/-/{name}-{version}.tgz"
_PINNED = Path(__file__).with_name("fetched_faces.yaml")
_LAYOUT = ("GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx")  # no line is set with these
_SECONDS = 60


def main() -> int:
    """Fetch what is missing.

    Raises:
        ValueError: a package is not the pinned one.
        OSError: the registry cannot be reached.
    """
    pinned = yaml.safe_load(_PINNED.read_text("utf-8"))
    with_hangul = pinned.pop("hangul_pens")
    _fetch(with_hangul, ("latin", "korean"), FETCHED)
    for families in pinned.values():
        _fetch(families, ("latin",), FETCHED_LATIN)
    return 0


def _fetch(families: dict[str, str], subsets: tuple[str, ...], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, pinned in families.items():
        target = folder / f"{name}.ttf"
        if target.is_file():
            continue
        version, digest = pinned.split()
        sys.stdout.write(f"{name} {version}\n")
        package = _package(name, version, digest)
        new = target.with_suffix(".new")
        _merged(package, name, subsets).save(new)
        new.rename(target)


def _package(name: str, version: str, digest: str) -> bytes:
    url = _PACKAGE.format(name=name, version=version)
    with urllib.request.urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310 (a fixed https address)
        package = bytes(answer.read())
    if hashlib.sha256(package).hexdigest() != digest:
        raise ValueError(f"{url} is not the package that is pinned")
    return package


def _merged(package: bytes, name: str, subsets: tuple[str, ...]) -> TTFont:
    """Return a family's regular weight with all of some subsets."""
    parts = []
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        for subset in subsets:
            member = archive.extractfile(f"package/files/{name}-{subset}-400-normal.woff2")
            if member is None:
                raise ValueError(f"{name} has no {subset} part")
            font = TTFont(io.BytesIO(member.read()))
            font.flavor = None
            for table in _LAYOUT:
                if table in font:
                    del font[table]
            plain = io.BytesIO()
            font.save(plain)
            plain.seek(0)
            parts.append(plain)
    return Merger().merge(parts) if len(parts) > 1 else TTFont(parts[0])


if __name__ == "__main__":
    sys.exit(main())
