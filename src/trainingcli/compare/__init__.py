"""What a change of policy would cost and whom it hits (政策对比), 三(八): two settlements of the same rosters."""
