"""What a code means, and how one row came to its amounts."""
