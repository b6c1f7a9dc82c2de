"""What was voted and what it adds up to: the election record and its verifier. Pure, like `keys`."""
