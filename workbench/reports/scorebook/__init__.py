"""评分表.xlsx with live formulas: a reader changes a value or points, sees the total follow, and is told that this is a trial."""
