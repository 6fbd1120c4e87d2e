"""The tutorial's application with one durable INSERT for each request: SQLite, WAL, synchronous=FULL."""

import hashlib
import hmac
import os
import sqlite3
import threading

from flask import Flask, jsonify, request

app = Flask(__name__)
SECRET = os.environ["BENCH_SECRET"].encode()
_local = threading.local()


def connection():
    if not hasattr(_local, "connection"):
        _local.connection = sqlite3.connect(os.environ["BENCH_DATABASE"], timeout=30, isolation_level=None)
        _local.connection.execute("PRAGMA journal_mode=WAL")
        _local.connection.execute("PRAGMA synchronous=FULL")
        _local.connection.execute("CREATE TABLE IF NOT EXISTS event (id TEXT PRIMARY KEY, body BLOB)")
    return _local.connection


@app.post("/webhook")
def webhook():
    body = request.get_data()
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, request.headers.get("X-Signature", "")):
        return jsonify({"status": "refused"}), 401
    event = request.get_json()
    connection().execute("INSERT OR IGNORE INTO event VALUES (?, ?)", (event["event_id"], body))
    return jsonify({"status": "success"})
