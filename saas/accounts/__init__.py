"""Staff, roles, sign-in, sessions, second factor."""

from flask import Blueprint

from saas.web.room import Room

card = Room("accounts", "Staff", Blueprint("accounts", __name__, template_folder="templates"))
COMMANDS = ()
