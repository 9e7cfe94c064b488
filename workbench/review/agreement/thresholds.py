"""Where words begin: from which spread on one speaks of 分歧较大, from which leaning on of 系统性偏高.

No document fixes any of these; all are examples (示例,可改) except the ICC bands, which are those of Koo & Li 2016.
"""

from __future__ import annotations

from fractions import Fraction

WIDE_RANGE = Fraction(30, 100)
"""示例: highest minus lowest, as a share of full points, from which on experts are far apart on an indicator."""

OUTLYING_SHARE = Fraction(5, 100)
"""示例: an expert leans when the sum of the differences is at least this share of the full points compared, …"""
OUTLYING_INDICATORS = 2
"""示例: … at least so many indicators differ in its direction (a single one is no system), …"""
OUTLYING_SAME_WAY = Fraction(2, 3)
"""示例: … which are at least this share of those that differ at all, …"""
OUTLYING_SCATTER = Fraction(28, 10)
"""示例: … and it is at least so many times √n times the others' median difference, as shares of full points.

For normal scatter that is 1.9 standard errors. In simulated panels of 3 to 10 experts with 3 to 15 indicators and a scatter
of 5 to 8 % of full points it names at most 7 % of unbiased experts; a lone dissenter among three still passes by it.
"""
OTHERS_NEEDED = 2
"""Opinions of others an indicator needs: between two experts nobody can say who is off."""

ICC_BANDS = ((0.9, "优秀"), (0.75, "良好"), (0.5, "中等"), (float("-inf"), "较差"))
"""Koo & Li 2016, J. Chiropr. Med. 15(2):155-163, who read them off the 95 % interval rather than the estimate."""
W_BANDS = ((0.7, "较强"), (0.5, "中等"), (0.3, "较弱"), (float("-inf"), "很弱"))
"""示例."""
