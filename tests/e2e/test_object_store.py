"""The line on an S3 store: the delivery comes from a bucket, the archive lives in another."""

from pathlib import Path

import boto3
import pytest

from tests.e2e.house import House

pytestmark = pytest.mark.gateway


def test_digitized_from_and_into_buckets(
    gateway: str, delivery: Path, undisturbed: House, tmp_path: Path
) -> None:
    """A delivery in a bucket, archived in a bucket, is the same batch as from folder to folder."""
    s3 = boto3.session.Session().client("s3", endpoint_url=gateway, region_name="us-east-1")
    for file in (f for f in delivery.rglob("*") if f.is_file()):
        key = f"box/{file.relative_to(delivery).as_posix()}"
        s3.put_object(Bucket="inbox", Key=key, Body=file.read_bytes())
    settings = {
        "GIROKSIL_STORE_URL": "s3://plain/line",
        "GIROKSIL_S3_ENDPOINT": gateway,
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    house = House(tmp_path / "home", settings)
    sheet = house.digitize("s3://inbox/box")
    assert sheet["balanced"]
    here, there = house.contents(), undisturbed.contents()
    assert here["objects"] == there["objects"]
    assert here["entries"] == there["entries"]
    assert house.run("verify")[0] == 0
    before = _everything(s3)
    house.digitize("s3://inbox/box")
    assert _everything(s3) == before


def _everything(s3: object) -> set[tuple[str, str]]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="plain")  # type: ignore[attr-defined]
    return {(item["Key"], item["ETag"]) for page in pages for item in page.get("Contents", ())}
