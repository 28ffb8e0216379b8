"""Workbooks that the program writes: claim, summary, template."""
