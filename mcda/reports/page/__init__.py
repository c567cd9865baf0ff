"""The page that works a decision out again in the reader's browser."""
