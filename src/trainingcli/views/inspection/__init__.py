"""On-site checks (实地抽查), 三(四): a frame of classes with their risks, and a draw that anyone can compute again."""
