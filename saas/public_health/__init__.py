"""The room of public health: the record, programmes, due items, the list of today, the figures."""
