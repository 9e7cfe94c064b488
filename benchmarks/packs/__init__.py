"""Each module scores one pack by hand in numpy: generated subjects, the pack's rules written out, no line of the library."""
