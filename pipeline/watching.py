"""Which deliveries in the inbox are finished.

A delivery is a folder (or `s3://` prefix) that holds `delivery.yaml`.
It is finished when it holds the marker `_COMPLETE`, or when nothing in it changed for ten minutes.
"""

import datetime as dt

MARKER = "_COMPLETE"
SETTLED = dt.timedelta(minutes=10)
