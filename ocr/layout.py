"""What an engine may take for granted of the image it is given."""

from typing import Literal, TypeAlias

Layout: TypeAlias = Literal["page", "block"]
"""`page` = lines of many sizes, one below the other; `block` = a few lines of one size."""
