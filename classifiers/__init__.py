"""Pages become documents: separated, typed, with fields, evidence and the courage to be unsure."""

CLASSIFIERS_VERSION = "16"
"""Changes whenever the same text could give another answer."""
