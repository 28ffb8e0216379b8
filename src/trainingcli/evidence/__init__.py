"""What speaks for or against a line beside the roster (佐证): registers, waivers, budgets; a file a source."""
