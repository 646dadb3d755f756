"""Engines behind the seam of `ocr.engine`."""
