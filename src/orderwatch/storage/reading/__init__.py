"""What the API, the live stream and the metrics ask of the store. Reads only; each answer costs a bounded amount."""
