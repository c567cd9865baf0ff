"""Between files and the model: reading with positions, references, the shipped catalogue."""
