"""Text from page images: imaging, which way up, recognition, the order of lines."""
