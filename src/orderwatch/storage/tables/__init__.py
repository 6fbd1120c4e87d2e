"""The tables, in three parts that are three SQLite files, or one PostgreSQL database.

`journal` is written by the receiver alone, `state` by the worker alone, `registry` by people (through the API and the
command line) and by nobody on the hot path. Times are whole microseconds since 1970 (BIGINT), so that both databases
keep them exactly and compare them fast.
"""
