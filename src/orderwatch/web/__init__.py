"""HTTP: intake endpoints, API, live stream, login, static files.

An adapter: may import the pipeline, the stages, `domain` and `kit`, never another adapter.
"""
