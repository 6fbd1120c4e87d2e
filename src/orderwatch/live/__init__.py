"""Fans changes out to open streams.

A stage: may import `domain` and `kit`, never another stage.
"""
