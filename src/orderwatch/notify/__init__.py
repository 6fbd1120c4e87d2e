"""Decides who is told (routes), and sends from the outbox with retry.

A stage: may import `domain` and `kit`, never another stage.
"""
