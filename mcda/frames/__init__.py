"""Data frames of the caller's own kind, in and out."""
