"""Runs the user's own Python for an event, after the commit, at least once.

A stage: may import `domain` and `kit`, never another stage.
"""
