"""Small tools without a subject of their own: clock, ids, backoff. Standard library only; imports nothing of ours."""
