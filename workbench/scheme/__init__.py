"""What is judged and how: packs, rulesets, policies and plans as typed data, and the scheme that freezes them."""
