"""Tables of EMR exports by a mapping: its file, fixed-width records, workbooks."""
