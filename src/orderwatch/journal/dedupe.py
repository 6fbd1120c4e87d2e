"""Decides what each submission of a group is: a new event, a duplicate, a conflict or a replay. Pure."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from orderwatch.domain.keys import conflict_key
from orderwatch.domain.receipts import Ack, ReceiptKind, Submission

Known = Mapping[bytes, tuple[int, bytes]]
"""Key → position and body digest of the receipt that has it."""


class Entry(Struct, frozen=True):
    """A row to be written: its ack, the key it holds (None: holds none) and whether it keeps its body."""

    ack: Ack
    key: bytes | None
    submission: Submission
    keeps_body: bool


def keys_to_look_up(submissions: Sequence[Submission]) -> list[bytes]:
    """Return every key that the decision depends on."""
    return [submission.key for submission in submissions if submission.replay_of is None]


def decide(submissions: Sequence[Submission], known: Known, *, first_position: int) -> list[Entry]:
    """Return one entry for each submission, with rising positions from `first_position`.

    `known` must hold what the store has of `keys_to_look_up` and of the conflict keys of those that differ.
    """
    seen: dict[bytes, tuple[int, bytes]] = dict(known)
    entries: list[Entry] = []
    for position, submission in enumerate(submissions, first_position):
        if submission.replay_of is not None:
            ack = Ack(position=position, kind=ReceiptKind.REPLAY, of=submission.replay_of)
            entries.append(Entry(ack, None, submission, keeps_body=False))
            continue
        entries.append(_decide(submission, seen, position))
    return entries


def _decide(submission: Submission, seen: dict[bytes, tuple[int, bytes]], position: int) -> Entry:
    key, digest = submission.key, submission.digest
    first = seen.get(key)
    if first is None:
        seen[key] = (position, digest)
        return Entry(Ack(position=position, kind=ReceiptKind.EVENT), key, submission, keeps_body=True)
    if first[1] == digest:
        return _duplicate(submission, position, of=first[0])
    key = conflict_key(key, digest)
    before = seen.get(key)
    if before is not None:
        return _duplicate(submission, position, of=before[0])
    seen[key] = (position, digest)
    return Entry(Ack(position=position, kind=ReceiptKind.CONFLICT, of=first[0]), key, submission, keeps_body=True)


def _duplicate(submission: Submission, position: int, *, of: int) -> Entry:
    return Entry(Ack(position=position, kind=ReceiptKind.DUPLICATE, of=of), None, submission, keeps_body=False)


def conflicts_to_look_up(submissions: Sequence[Submission], known: Known) -> list[bytes]:
    """Return the keys under which conflicting bodies may be known already.

    Submissions of one group may conflict with each other too, so every key that comes twice counts.
    """
    digests: dict[bytes, bytes] = {key: digest for key, (_, digest) in known.items()}
    return [
        conflict_key(submission.key, submission.digest)
        for submission in submissions
        if submission.replay_of is None and digests.setdefault(submission.key, submission.digest) != submission.digest
    ]
