"""Folds events into orders: a pure function of the set of distinct events.

A stage: may import `domain` and `kit`, never another stage.
"""
