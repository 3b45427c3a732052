"""The job that ends the calls which nobody ended: their processes died."""

from django_tasks import task

from chat.actions.call_upkeep import overdue_calls, tidy_call


@task()
def tidy_calls() -> None:
    """End rings, seats and calls that are overdue."""
    for call_id in overdue_calls():
        tidy_call(call_id=call_id)
