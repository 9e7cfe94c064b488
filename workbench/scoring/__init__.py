"""Evidence to measures, measures to points, points to a verdict: pure functions over columns of subjects."""
