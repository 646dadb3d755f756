"""`python -m ocr.training.fetch_faces`: fetches pen faces for training lines from npm's registry.

Each is a family of Google Fonts under the Open Font License as Fontsource packs it, pinned by its
digest: its Latin and its Hangul are put into one file each. What lies there already is left alone.
"""

import hashlib
import io
import sys
import tarfile
import urllib.request

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

from ocr.training.faces import FETCHED

_PACKAGE = "https://registry.npmjs.org/@fontsource/{name}/-/{name}-{version}.tgz"
_FAMILIES = (
    ("cute-font", "5.2.8", "03af324a7d4f72f642bc890549061a28d731cc293ccf0d22395440669ecbf14d"),
    ("east-sea-dokdo", "5.3.0", "339f551a03f269f099637baa38180ec917e6119b6a7b9630e4954e81f59f6a00"),
    ("gamja-flower", "5.3.0", "39b21876792be48fb2701baacab1a75566c2926ae06a109a4ff73510d77d1d7f"),
    ("hi-melody", "5.3.0", "7c863e00f03dc1bf22282cc73045afce6d517c055f512e6880ca0f14a3ab662c"),
    ("kirang-haerang", "5.0.7", "5233e2c05ea18525e41573c041db248249d20ff950fabcfdaa9625fff8c77078"),
    ("poor-story", "5.3.0", "01497fc5e67f86260082878abfbdf266d902d6cfcc328a36f2fb4956f368bf9b"),
    ("single-day", "5.3.1", "133ad639f50a5f2803d5783fce68c5eabcfd79a2b183a4f2474ecf72785d8f7d"),
    ("stylish", "5.3.1", "fd9fc29ef82a80cef43217700f7255eff5acb0de09b6e1d2e620e2d608a4df6e"),
)
_SUBSETS = ("latin", "korean")
_LAYOUT = ("GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx")  # no line is set with these
_SECONDS = 60


def main() -> int:
    """Fetch what is missing.

    Raises:
        ValueError: a package is not the pinned one.
        OSError: the registry cannot be reached.
    """
    FETCHED.mkdir(parents=True, exist_ok=True)
    for name, version, digest in _FAMILIES:
        target = FETCHED / f"{name}.ttf"
        if target.is_file():
            continue
        sys.stdout.write(f"{name} {version}\n")
        package = _package(name, version, digest)
        new = target.with_suffix(".new")
        _merged(package, name).save(new)
        new.rename(target)
    return 0


def _package(name: str, version: str, digest: str) -> bytes:
    url = _PACKAGE.format(name=name, version=version)
    with urllib.request.urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310 (a fixed https address)
        package = bytes(answer.read())
    if hashlib.sha256(package).hexdigest() != digest:
        raise ValueError(f"{url} is not the package that is pinned")
    return package


def _merged(package: bytes, name: str) -> TTFont:
    """Return a family's regular weight with Latin and Hangul."""
    parts = []
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        for subset in _SUBSETS:
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
    return Merger().merge(parts)


if __name__ == "__main__":
    sys.exit(main())
