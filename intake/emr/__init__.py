"""EMR exports: tables by a mapping (its file, fixed width, workbooks), and messages."""
