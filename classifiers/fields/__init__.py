"""Fields of a page: a label, the place of its value, and the grammar the value must satisfy."""
