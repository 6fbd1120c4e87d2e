"""The two processes and what holds them together: supervisor, doorbell, lease.

Outside the stages, inside `app`: may import adapters, the pipeline, the stages, `domain` and `kit`.
"""
