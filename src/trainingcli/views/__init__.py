"""What the books say (台账视图): views of the ledger and its archives; a file a view."""
