"""The real-name system (实名制), 三(五): an export of it beside the roster (contract, second part, 1)."""
