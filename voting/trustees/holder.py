"""What the server and a trustee's own tool must agree on. Knows neither web nor database."""

from hashlib import sha256

from keys.trustee import Holder


def opening_holder(holder: Holder, nonce: str) -> Holder:
    """Whom the second possession proof names: the same holder, and the server's nonce. Spec: TRUST-3."""
    return Holder(holder.selection, holder.name, f"{holder.role}#{nonce}")


def fingerprint(key: str) -> str:
    """The public key's SHA-256, first 16 hex digits, capitals, in groups of four: to be read aloud."""
    digits = sha256(key.encode()).hexdigest()[:16].upper()
    return " ".join(digits[i : i + 4] for i in range(0, 16, 4))
