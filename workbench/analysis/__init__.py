"""Why scores differ, and which projects to look at."""
