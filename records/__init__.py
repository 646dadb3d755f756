"""The vocabulary every room of the house may know: frozen values, ids, errors, settings.

Nothing of ours is imported here.
The flow of values: Delivery → Batch → Scan → PageImage → PageText → Document → Verdict →
StoredObject.
"""
