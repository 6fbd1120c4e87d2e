"""A platform that signs with RSA: its private key, and the set of public ones that it publishes."""

import json
from base64 import urlsafe_b64encode
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from orderwatch.intake.rsa import read_keys
from orderwatch.providers.signing import Keyholder


@cache
def private_key(key_id, bits):
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def keyholder(key_id="key-1"):
    return Keyholder(key_id=key_id, sign=lambda message: private_key(key_id, 2048).sign(message, PKCS1v15(), SHA256()))


def entry(key_id="key-1", *, bits=2048, **changes):
    numbers = private_key(key_id, bits).public_key().public_numbers()
    return {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": key_id,
        "n": number(numbers.n),
        "e": number(numbers.e),
        **changes,
    }


def key_set(*key_ids):
    return json.dumps({"keys": [entry(key_id) for key_id in key_ids or ("key-1",)]}).encode()


def number(value):
    return urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8)).rstrip(b"=").decode()


class PublishedKeys:
    """Answers with one set at every address, at once."""

    def __init__(self, *key_ids):
        self.body = key_set(*key_ids)

    async def fetch(self, address):
        return self.body


class KnownKeys:
    """Those of one set, known for every address."""

    def __init__(self, body):
        self.keys = read_keys(body)

    def get(self, address, key_id):
        return self.keys.get(key_id)
