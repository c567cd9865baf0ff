"""How firmly an answer stands: array kernels that know nothing of documents."""
