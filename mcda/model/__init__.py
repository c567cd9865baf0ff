"""What a decision is: scenarios, criteria models, facts packs, and the resolved problem.

Frozen, strict data; no algorithms and no input or output.
"""
