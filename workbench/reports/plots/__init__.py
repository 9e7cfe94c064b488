"""Charts a pack declares, drawn from one analysis of the result: bars, stacks, waterfalls, lines and dots."""
