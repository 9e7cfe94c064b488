"""Expert review (专家评审): the ledger of who said what and why, and the page on which they say it."""
