"""Builders that tests share: fictitious people, rosters without a workbook, and what the rules make of them."""
