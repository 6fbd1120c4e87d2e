"""What Orderwatch is measured beside: the tutorial's Flask app, the same with durable storage, an empty handler."""
