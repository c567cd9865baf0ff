"""What people see of a decision: text, Markdown, JSON, CSV, in English and Chinese."""
