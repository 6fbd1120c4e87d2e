"""One folder for each way of sending.

An adapter: may import the pipeline, the stages, `domain` and `kit`, never another adapter.
"""
