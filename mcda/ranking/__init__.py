"""From scores to closeness to order: TOPSIS on arrays."""
