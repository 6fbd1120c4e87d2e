"""Appends submissions in groups, one commit for all, and answers duplicates and conflicts.

A stage: may import `domain` and `kit`, never another stage.
"""
