"""The demo: synthetic staff and residents in a data folder that it marks as its own."""
