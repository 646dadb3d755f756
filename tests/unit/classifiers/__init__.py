"""The classifiers: on text mostly, on made pages where boxes or misreadings matter."""
