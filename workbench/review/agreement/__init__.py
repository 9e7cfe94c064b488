"""Agreement (专家意见一致性): how far the experts of a panel agree, in coefficients and in words.

Nothing here ever changes a score, so floats are allowed; what is said in points is exact all the same.
"""
