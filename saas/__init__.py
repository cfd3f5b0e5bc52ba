"""The software of one clinic. No tenant, schema name or clinic number appears in here."""
