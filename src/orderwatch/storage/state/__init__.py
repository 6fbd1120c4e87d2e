"""What the worker keeps: each run of receipts becomes one transaction of orders, events, counts, outbox and mark."""
