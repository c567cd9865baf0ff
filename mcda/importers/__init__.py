"""Facts from published lists that other packages carry."""
