"""Tables of EMR exports by a mapping."""
