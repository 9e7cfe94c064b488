"""Status codes of one indicator of one subject, as bulk arrays hold them."""

STATUS = ("scored", "provisional", "unscored", "zero_by_rule", "not_applicable")
SCORED, PROVISIONAL, UNSCORED, ZERO, NOT_APPLICABLE = range(5)
