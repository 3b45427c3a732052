"""What can be done with contacts, segments and mailings."""

from audiences.actions.consenting import give_consent, lift_suppression, suppress_contact, withdraw_consent
from audiences.actions.keeping import (
    FIELDS,
    KnownContact,
    add_contact,
    change_contact,
    erase_contact,
    merge_contacts,
    tag_contact,
)
from audiences.actions.mailing import (
    delete_mailing,
    pause_mailing,
    resend_unsure,
    resume_mailing,
    schedule_mailing,
    send_test,
    start_mailing,
    stop_mailing,
    unschedule_mailing,
    write_mailing,
)
from audiences.actions.segmenting import delete_segment, save_segment
from audiences.actions.settings import save_settings
from audiences.actions.standing import add_letter, close_standing, open_standing

__all__ = [
    "FIELDS",
    "KnownContact",
    "add_contact",
    "add_letter",
    "change_contact",
    "close_standing",
    "delete_mailing",
    "delete_segment",
    "erase_contact",
    "give_consent",
    "lift_suppression",
    "merge_contacts",
    "open_standing",
    "pause_mailing",
    "resend_unsure",
    "resume_mailing",
    "save_segment",
    "save_settings",
    "schedule_mailing",
    "send_test",
    "start_mailing",
    "stop_mailing",
    "suppress_contact",
    "tag_contact",
    "unschedule_mailing",
    "withdraw_consent",
    "write_mailing",
]
