"""What is stated: facts from tables and claims from words, under names that both share."""
