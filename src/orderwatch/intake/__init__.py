"""Bounds, finds the source, verifies and identifies: from an HTTP request to a submission for the journal.

A stage: may import `domain` and `kit`, never another stage.
"""
