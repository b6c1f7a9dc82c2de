"""The rehearsal (演练): a whole meeting over real HTTP, with simulated staff, phones and trustees."""
