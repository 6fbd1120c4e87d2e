"""Tables and statements (SQLAlchemy Core), for SQLite and PostgreSQL alike.

sqlite/ and postgres/ hold only what truly differs.

An adapter: may import the pipeline, the stages, `domain` and `kit`, never another adapter.
"""
