"""Everything that changes a deal."""

from deals.actions.absences import end_absence, set_absence
from deals.actions.accounts import delete_account, import_accounts, save_account, set_rules
from deals.actions.activities import (
    change_activity,
    complete_activity,
    delete_activity,
    plan_activity,
    remind_of_activity,
    reopen_activity,
    snooze_activity,
)
from deals.actions.approving import approve_step, escalate_step, hand_back, recall, refuse_step, remind_of_step
from deals.actions.calendars import set_calendar
from deals.actions.checking import recheck_deal, replay
from deals.actions.closing import expire_deal, lose_deal, remind_of_end, set_stage, win_by_hand, win_deal, withdraw_deal
from deals.actions.conflicts import (
    add_deal,
    assign_case,
    dismiss_case,
    note_on_case,
    open_case,
    remove_deal,
    reopen_case,
)
from deals.actions.contacts import delete_contact, save_contact, tell_contact, untell_contact
from deals.actions.customers import delete_customer, save_customer
from deals.actions.drafting import LineInput, add_evidence, delete_draft, remove_evidence, save_draft
from deals.actions.external import IdTaken
from deals.actions.external import find as find_by_external_id
from deals.actions.external import link as link_deal
from deals.actions.external import unlink as unlink_deal
from deals.actions.external import upsert as upsert_deal
from deals.actions.feeds import close_feed, open_feed
from deals.actions.judging import Answer, decide_case
from deals.actions.known import merge_known, split_known
from deals.actions.merging import merge_customers, unmerge_customers
from deals.actions.notes import add_file, add_note, edit_note, pin_note, remove_file
from deals.actions.petitions import ask, drop, grant, refuse
from deals.actions.policies import delete_policy, set_limit, set_policy
from deals.actions.preparing import hand_over_draft
from deals.actions.reviewing import (
    AlreadyProtected,
    approve_deal,
    deem_approved,
    reject_deal,
    release_deal,
    return_deal,
    take_deal,
)
from deals.actions.revising import revisable, revise_deal
from deals.actions.submitting import OwnDuplicate, resubmit_deal, submit_deal
from deals.actions.talks import open_neutral_room, open_talk, say_to_side
from deals.actions.terms import (
    add_type,
    archive_type,
    duplicate_type,
    make_default,
    move_type,
    restore_type,
    save_type,
    set_terms,
)

__all__ = [
    "AlreadyProtected",
    "Answer",
    "IdTaken",
    "LineInput",
    "OwnDuplicate",
    "add_deal",
    "add_evidence",
    "add_file",
    "add_note",
    "add_type",
    "approve_deal",
    "approve_step",
    "archive_type",
    "ask",
    "assign_case",
    "change_activity",
    "close_feed",
    "complete_activity",
    "decide_case",
    "deem_approved",
    "delete_account",
    "delete_activity",
    "delete_contact",
    "delete_customer",
    "delete_draft",
    "delete_policy",
    "dismiss_case",
    "drop",
    "duplicate_type",
    "edit_note",
    "end_absence",
    "escalate_step",
    "expire_deal",
    "find_by_external_id",
    "grant",
    "hand_back",
    "hand_over_draft",
    "import_accounts",
    "link_deal",
    "lose_deal",
    "make_default",
    "merge_customers",
    "merge_known",
    "move_type",
    "note_on_case",
    "open_case",
    "open_feed",
    "open_neutral_room",
    "open_talk",
    "pin_note",
    "plan_activity",
    "recall",
    "recheck_deal",
    "refuse",
    "refuse_step",
    "reject_deal",
    "release_deal",
    "remind_of_activity",
    "remind_of_end",
    "remind_of_step",
    "remove_deal",
    "remove_evidence",
    "remove_file",
    "reopen_activity",
    "reopen_case",
    "replay",
    "restore_type",
    "resubmit_deal",
    "return_deal",
    "revisable",
    "revise_deal",
    "save_account",
    "save_contact",
    "save_customer",
    "save_draft",
    "save_type",
    "say_to_side",
    "set_absence",
    "set_calendar",
    "set_limit",
    "set_policy",
    "set_rules",
    "set_stage",
    "set_terms",
    "snooze_activity",
    "split_known",
    "submit_deal",
    "take_deal",
    "tell_contact",
    "unlink_deal",
    "unmerge_customers",
    "untell_contact",
    "upsert_deal",
    "win_by_hand",
    "win_deal",
    "withdraw_deal",
]
