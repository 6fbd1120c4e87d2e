"""How each platform speaks: one folder a provider.

An adapter: may import the pipeline, the stages, `domain` and `kit`, never another adapter.
"""
