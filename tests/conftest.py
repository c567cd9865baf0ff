"""What holds for all tests."""

from hypothesis import settings

# examples are not timed: a busy machine is no fault of the code
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
