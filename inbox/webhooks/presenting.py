"""How a delivery is shown."""

import json

from inbox.webhooks.models import WebhookDelivery


def payload_lines(delivery: WebhookDelivery) -> str:
    """The body, indented for people; what is posted is the same without the blanks."""
    return json.dumps(json.loads(delivery.payload), indent=2, ensure_ascii=False)
