"""Trustees (密钥保管人): their keys before the vote, their shares after it."""
