"""The one error root of `tally`, with its closed set of codes."""

from enum import StrEnum


class Code(StrEnum):
    """Why a record, a ballot or a share must be refused. Each is one named failure of `mipiao verify`."""

    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    NOT_JSON = "not_json"
    NOT_CANONICAL = "not_canonical"
    MALFORMED = "malformed"
    POINT = "point"
    IDENTITY = "identity"
    SCALAR = "scalar"
    UNSUPPORTED_GROUP = "unsupported_group"
    UNSUPPORTED_QUESTION = "unsupported_question"
    UNSUPPORTED_VERSION = "unsupported_version"
    OTHER_ELECTION = "other_election"
    UNKNOWN_CREDENTIAL = "unknown_credential"
    CREDENTIAL_ORDER = "credential_order"
    CREDENTIAL_REPEATED = "credential_repeated"
    SIGNATURE = "signature"
    INDIVIDUAL_PROOF = "individual_proof"
    OVERALL_PROOF = "overall_proof"
    BLANK_PROOF = "blank_proof"
    CIPHERTEXT_REPEATED = "ciphertext_repeated"
    BALLOT_REPEATED = "ballot_repeated"
    SECOND_VOTE = "second_vote"
    ARCHIVE = "archive"
    DATA_HASH = "data_hash"
    EVENT_CHAIN = "event_chain"
    EVENT_ORDER = "event_order"
    MISSING_DATA = "missing_data"
    EXTRA_DATA = "extra_data"
    BALLOT_ORDER = "ballot_order"
    ELECTION_KEY = "election_key"
    TRUSTEE_POK = "trustee_pok"
    TRUSTEE_REPEATED = "trustee_repeated"
    THRESHOLD_KEYS = "threshold_keys"
    TALLY_MISMATCH = "tally_mismatch"
    DECRYPTION_PROOF = "decryption_proof"
    WEAK_DECRYPTION_PROOF = "weak_decryption_proof"
    DECRYPTION_OWNER = "decryption_owner"
    SHARES_MISSING = "shares_missing"
    RESULT = "result"
    BELOW_MINIMUM = "below_minimum"
    GROUP_WITHHELD = "group_withheld"
    GROUP_MISSING = "group_missing"
    GROUP_DECRYPTION = "group_decryption"
    GROUP_RESULT = "group_result"
    MANIFEST_MISSING = "manifest_missing"
    MANIFEST_HASH = "manifest_hash"
    MANIFEST = "manifest"
    CLOSING_MISSING = "closing_missing"
    CLOSING = "closing"
    CLOSING_SIGNATURE = "closing_signature"
    VOIDS = "voids"
    VOIDED_BALLOT = "voided_ballot"
    RECEIPT = "receipt"
    UNREADABLE = "unreadable"


class TallyError(Exception):
    """Root of all errors of this package."""


class Invalid(TallyError):
    """Something that must be refused, with where it stands and who made it."""

    def __init__(self, code: Code, where: str = "", who: str | None = None) -> None:
        super().__init__(": ".join(part for part in (code.value, where, who) if part))
        self.code = code
        self.where = where
        self.who = who
