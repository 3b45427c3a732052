"""What one system tells another about a message, or a person about anything."""

from dataclasses import dataclass

from orders.documents.parts import Document


@dataclass(frozen=True, slots=True)
class NoticeError:
    """One fault that the other side found: its own code, a sentence, and where, in its own words."""

    code: str
    text: str = ""
    where: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class NoticeVerdict:
    """What became of one thing that is answered. `kind`: interchange | group | message | document; `reference` is its
    control number or document number, `group` the group it stood in, `message_kind` "850" or "ORDERS" where said;
    `verdict`: received | accepted | accepted_with_errors | partly | rejected."""

    kind: str
    reference: str
    verdict: str
    group: str = ""
    message_kind: str = ""
    errors: tuple[NoticeError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementDocument(Document):
    """A technical or business acknowledgement (CONTRL, APERAK, TA1, 997, 999, 824, ApplicationResponse): it is noted
    with what it answers and never answered itself. `interchange` is the control number answered, empty when unsaid."""

    interchange: str = ""
    verdicts: tuple[NoticeVerdict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDocument(Document):
    """A message for people (864)."""

    subject: str = ""
