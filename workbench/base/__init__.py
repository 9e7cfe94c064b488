"""Ground floor: exact numbers, canonical bytes, structured errors, YAML, text. Imports nothing above it."""
