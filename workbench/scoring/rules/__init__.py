"""The rule kinds of the field, one idea a module. Each is a pure function over columns plus the sentence it would write."""
