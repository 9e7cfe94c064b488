"""The publication edition (公开版): a report made of less, so that what is not for the public is in no byte of it."""
