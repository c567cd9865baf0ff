"""What holds for all tests."""

from hypothesis import settings

# Examples are not timed: a busy machine is no fault of the code. For a long look at the laws:
# pytest --hypothesis-profile=thorough tests/property
settings.register_profile("suite", deadline=None, max_examples=50)
settings.register_profile("thorough", deadline=None, max_examples=1000)
# of laws that fuzz: pytest --hypothesis-profile=long tests/property/test_formula_laws.py
settings.register_profile("long", deadline=None, max_examples=20_000)
settings.load_profile("suite")
