"""How reports write: numbers, amounts with their units, names of levels and columns, phrases for scores, grade scales."""
