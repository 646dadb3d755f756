"""The figures that join rules and text into one probability, and from which one it is believed.

They stand in `models/kind-classifier.yaml`, written by `classifiers.training`, beside the digest of
the text classifier that they were fitted to.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

CARD = "kind-classifier.yaml"
PRINTED = "printed"


@dataclass(frozen=True, slots=True)
class Band:
    """Pages read about equally well: from `least` mean word confidence on.

    `thresholds`: by kind, the confidence from which a document of this band is believed; a kind
    that is not there never is.
    """

    name: str
    least: float
    thresholds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class KindModel:
    """See the module; `slope` and `shift` calibrate the log-odds of the likeliest kind."""

    digest: str
    weights: Mapping[str, float]
    slope: float
    shift: float
    bands: tuple[Band, ...]

    def calibrated(self, probability: float) -> float:
        """What a probability of the sum is worth: how often such answers are right."""
        sure = min(max(probability, 1e-6), 1 - 1e-6)
        return 1 / (1 + math.exp(-self.slope * math.log(sure / (1 - sure)) - self.shift))

    def band(self, confidence: float | None) -> Band | None:
        """The band of a document by the confidence of its worst page; None: worse than any.

        A page without a confidence was not read from an image.
        """
        if confidence is None:
            return next((band for band in self.bands if band.name == PRINTED), None)
        read = [band for band in self.bands if band.name != PRINTED and band.least <= confidence]
        return max(read, key=lambda band: band.least, default=None)


def kind_model(raw: Mapping[str, object]) -> KindModel:
    """Return the model that a file's content describes."""
    weights, calibration, bands = raw["weights"], raw["calibration"], raw["bands"]
    assert isinstance(weights, dict)
    assert isinstance(calibration, dict)
    assert isinstance(bands, dict)
    return KindModel(
        digest=str(raw["digest"]),
        weights=weights,
        slope=float(calibration["slope"]),
        shift=float(calibration["shift"]),
        bands=tuple(
            Band(name, float(band["least"]), band["thresholds"]) for name, band in bands.items()
        ),
    )
