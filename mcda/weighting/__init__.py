"""From judgements to weights: pairwise comparison matrices, priorities, consistency, the tree."""
