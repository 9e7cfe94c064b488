"""再评价: two results side by side, and which cause answers for how much of the difference."""
