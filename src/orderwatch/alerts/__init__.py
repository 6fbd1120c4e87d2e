"""Keeps the life of what the rules found.

A stage: may import `domain` and `kit`, never another stage.
"""
