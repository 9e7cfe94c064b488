"""Papers of a review: what is laid on the table before a panel meets, and what is signed and filed afterwards.

No document fixes their form; every one is our own layout and says so (示例格式,可改).
"""
