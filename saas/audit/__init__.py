"""The access log: written in one place, chained, never read by features."""
