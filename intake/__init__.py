"""A delivery becomes pages or rows; what cannot be used is named with its reason.

`intake.delivery` opens a delivery, `intake.triage` tells what is in a file,
`intake.pages` gives the pixels of a page and `intake.rows` the rows of a table.
"""
