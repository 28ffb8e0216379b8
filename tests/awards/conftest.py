"""Awards: commands read in the test's own process."""

from support.inline import read_here

__all__ = ["read_here"]
