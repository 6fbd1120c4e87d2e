"""The tutorial's application: checks the signature, looks at the event, stores nothing."""

import hashlib
import hmac
import os

from flask import Flask, jsonify, request

app = Flask(__name__)
SECRET = os.environ["BENCH_SECRET"].encode()


@app.post("/webhook")
def webhook():
    expected = hmac.new(SECRET, request.get_data(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, request.headers.get("X-Signature", "")):
        return jsonify({"status": "refused"}), 401
    event = request.get_json()
    if event["event_type"] == "order_created":
        created(event)
    return jsonify({"status": "success"})


def created(event):
    return f"new order {event['order_id']}"
