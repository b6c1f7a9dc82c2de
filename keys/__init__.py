"""Who holds which secret: the cryptography of Mipiao. Pure: standard library and PyNaCl, randomness passed in."""
