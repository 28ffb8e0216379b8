"""The test oracle (核对样板): claim lines computed again, slowly and plainly, from the texts alone."""
