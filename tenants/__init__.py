"""The caretaker of the building: everything plural. Never imports ``saas``."""
