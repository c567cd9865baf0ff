"""What would change the answer: weights, judgements, facts; and how often the answer holds."""
