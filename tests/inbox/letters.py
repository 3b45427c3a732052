"""Letters as mail programs write them."""

from email.message import EmailMessage

QUOTED = "> Can you come on Tuesday?\n> Luca"

# One answer, as the mail programs of five languages put it over what was answered.
ANSWERS = {
    "gmail en": "Yes.\n\nOn Tue, 10 Mar 2026 at 12:30, Luca Conti <luca@aurora.example> wrote:\n\n" + QUOTED,
    "gmail en, broken": "Yes.\n\nOn Tue, 10 Mar 2026 at 12:30, Luca Conti (Aurora Pumps) <\n"
    "reply+abc@reply.filiera.example> wrote:\n\n" + QUOTED,
    "gmail it": "Yes.\n\nIl giorno mar 10 mar 2026 alle ore 12:30 Luca Conti <luca@aurora.example>\nha scritto:\n\n"
    + QUOTED,
    "gmail de": "Yes.\n\nAm Di., 10. März 2026 um 12:30 Uhr schrieb Luca Conti <\nluca@aurora.example>:\n\n" + QUOTED,
    "gmail fr": "Yes.\n\nLe mar. 10 mars 2026 à 12:30, Luca Conti <luca@aurora.example> a\nécrit :\n\n" + QUOTED,
    "gmail es": "Yes.\n\nEl mar, 10 mar 2026 a las 12:30, Luca Conti (<luca@aurora.example>)\nescribió:\n\n" + QUOTED,
    "gmail old": "Yes.\n\n2026-03-10 12:30 GMT+01:00 Luca Conti <luca@aurora.example>:\n\n" + QUOTED,
    "apple en": "Yes.\n\n> On 10 Mar 2026, at 12:30, Luca Conti <luca@aurora.example> wrote:\n> \n" + QUOTED,
    "apple it": "Yes.\n\n> Il giorno 10 mar 2026, alle ore 12:30, Luca Conti <l@a.example> ha scritto:\n> \n" + QUOTED,
    "apple de": "Yes.\n\n> Am 10.03.2026 um 12:30 schrieb Luca Conti <luca@aurora.example>:\n> \n" + QUOTED,
    "apple phone": "Yes.\n\nSent from my iPhone\n\n> On 10 Mar 2026, at 12:30, Luca <l@a.example> wrote:\n" + QUOTED,
    "apple phone it": "Yes.\n\nInviato da iPhone\n\n> Il giorno 10 mar 2026, alle ore 12:30, L <l@a.it> ha scritto:\n"
    + QUOTED,
    "outlook en": "Yes.\r\n\r\nFrom: Luca Conti <luca@aurora.example>\r\nSent: Tuesday, March 10, 2026 12:30 PM\r\n"
    "To: Marta\r\nSubject: Pumps\r\n\r\nCan you come?",
    "outlook it": "Yes.\n\nDa: Luca Conti <luca@aurora.example>\nInviato: martedì 10 marzo 2026 12:30\nA: Marta\n"
    "Oggetto: Pumps\n\nCan you come?",
    "outlook de": "Yes.\n\nVon: Luca Conti <luca@aurora.example>\nGesendet: Dienstag, 10. März 2026 12:30\nAn: Marta\n"
    "Betreff: Pumps\n\nCan you come?",
    "outlook fr": "Yes.\n\nDe : Luca Conti <luca@aurora.example>\nEnvoyé : mardi 10 mars 2026 12:30\nÀ : Marta\n"
    "Objet : Pumps\n\nCan you come?",
    "outlook es": "Yes.\n\nDe: Luca Conti <luca@aurora.example>\nEnviado el: martes, 10 de marzo de 2026 12:30\n"
    "Para: Marta\nAsunto: Pumps\n\nCan you come?",
    "outlook bold": "Yes.\n\n*From:* Luca <l@a.example>\n*Sent:* Tuesday\n*To:* Marta\n*Subject:* Pumps\n\nCan you?",
    "outlook line": "Yes.\n\n________________________________\nFrom: Luca\n\nCan you come?",
    "outlook old": "Yes.\n\n-----Ursprüngliche Nachricht-----\nVon: Luca\n\nCan you come?",
    "outlook old it": "Yes.\n\n-----Messaggio originale-----\nDa: Luca\n\nCan you come?",
    "outlook phone": "Yes.\n\nGet Outlook for iOS\n________________________________\nFrom: Luca",
    "signature": "Yes.\n\n-- \nMarta Riva\nBrenta Impianti",
    "quote alone": "Yes.\n\n" + QUOTED,
}

HTML = {
    "gmail": '<div dir="ltr">Yes.</div><br><div class="gmail_quote"><div class="gmail_attr">On Tue X wrote:<br></div>'
    '<blockquote class="gmail_quote">Can you come?</blockquote></div>',
    "outlook": '<div class="WordSection1"><p>Yes.</p></div><div id="appendonsend"></div><hr>'
    "<div><b>From:</b> Luca</div><p>Can you come?</p>",
    "outlook phone": '<div>Yes.</div><div id="ms-outlook-mobile-signature">Get Outlook</div>'
    '<div id="divRplyFwdMsg"><b>Von:</b> Luca</div><div>Can you come?</div>',
    "apple": '<body>Yes.<br><div><blockquote type="cite"><div>Can you come?</div></blockquote></div></body>',
    "thunderbird": '<p>Yes.</p><div class="moz-cite-prefix">Am 10.03. schrieb X:</div>'
    '<blockquote type="cite">Can you?</blockquote>',
    "styled": "<style>p { color: red }</style><script>alert(1)</script><p>Yes.</p>",
}


def letter(sender, to, text="Yes, at nine.", *, html="", message_id="<1@brenta.example>", files=(), **headers):
    """A letter as octets; headers by name with _ for -."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, headers.pop("subject", "Re: Pumping station")
    if message_id:
        made["Message-ID"] = message_id
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    if text or not html:
        made.set_content(text)
    if html and text:
        made.add_alternative(html, subtype="html")
    elif html:
        made.set_content(html, subtype="html")
    for name, kind, content in files:
        main, sub = kind.split("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return made.as_bytes()
