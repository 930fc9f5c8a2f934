"""The rows of the corpus: one payload with one fault each, and what must be said of it."""
