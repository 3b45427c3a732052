"""Many workers at once: what one trigger does is done once."""

import threading

import pytest
from django.db import connection

from audiences.models import Recipient
from automation import tasks
from automation.models import Run
from core.audit import SUBSCRIBERS, record
from partners.actors import system_actor
from tests.leads.factories import LeadFactory


@pytest.mark.django_db(transaction=True)
def test_eight_workers_tell_and_act_at_once(running, agreed, vendor, monkeypatch):
    monkeypatch.setitem(SUBSCRIBERS, "lead.asked_again", [])
    agreed("anna@zirkonia.example")
    trigger = running(daily_max=2, once="each", per_week=100)
    lead = LeadFactory(vendor=vendor, email="anna@zirkonia.example")
    entries = [record(actor=system_actor(vendor), verb="lead.asked_again", target=lead).pk for _each in range(4)]
    gate, failed = threading.Barrier(8), []

    def work(entry):
        gate.wait()
        try:
            tasks.hear.call(entry)
            tasks.act.call(trigger.pk)
        except Exception as error:  # a thread's failure is the test's
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(entry,)) for entry in entries * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert Run.objects.count() == 4, "each occasion once"
    assert sorted(Run.objects.values_list("state", flat=True)) == ["done", "done", "waiting", "waiting"]
    assert Recipient.objects.count() == 2, "the day's limit holds over all of them"
