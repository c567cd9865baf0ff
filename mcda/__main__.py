"""``python -m mcda``."""

from mcda.cli.main import main

main()
