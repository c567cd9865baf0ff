"""Why the winner wins: exact attribution, flows on the graph of criteria, contrasts, sentences."""
