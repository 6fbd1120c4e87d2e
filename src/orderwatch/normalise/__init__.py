"""Turns receipts into canonical events with the source's provider.

A stage: may import `domain` and `kit`, never another stage.
"""
