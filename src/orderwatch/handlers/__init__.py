"""Runs the user's own Python for an event, after the commit, at least once.

`registry` is what users write with; `host` is the process their code runs in; `runner` drives it from the worker.

A stage: may import `domain` and `kit`, never another stage.
"""
