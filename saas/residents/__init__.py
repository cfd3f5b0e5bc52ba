"""The person: identity, names, numbers and how she is found again."""

from flask import Blueprint

from saas.web.room import Room

card = Room("residents", "Residents", Blueprint("residents", __name__, template_folder="templates"))
