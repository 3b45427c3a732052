"""What can be done with triggers, and what they do."""

from automation.actions.acting import act_on
from automation.actions.steering import activate_trigger, delete_trigger, drop_waiting, pause_trigger
from automation.actions.telling import look, take_up
from automation.actions.writing import FIELDS, save_trigger

__all__ = [
    "FIELDS",
    "act_on",
    "activate_trigger",
    "delete_trigger",
    "drop_waiting",
    "look",
    "pause_trigger",
    "save_trigger",
    "take_up",
]
