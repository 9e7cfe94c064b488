"""The file: an untrusted docx as neutral paragraphs and tables, each with a place people can find."""
