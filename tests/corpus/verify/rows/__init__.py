"""The rows of the corpus: one request with one fault each, and what must be said of it."""
