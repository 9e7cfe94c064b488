"""Who sealed and signed: keys, signatures, and papers only named recipients can open."""
