"""Side effects as rows: recorded in the caller's transaction, delivered by workers, retried.

Knows none of our other apps. Apps register handlers in their ``handlers.py``.
"""
