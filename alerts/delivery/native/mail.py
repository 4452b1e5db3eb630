"""Mail: text and HTML in one letter, under an id that a repeat keeps, in the thread of its question."""

from __future__ import annotations

import ssl
from datetime import datetime
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from alerts.delivery.native.parts import Mailbox
from alerts.model.delivery import Delivered, GiveUp, Message, Receipt, RetryLater, Unknown

if TYPE_CHECKING:
    import aiosmtplib

URGENT = {"flash": ("1 (Highest)", "high"), "urgent": ("2 (High)", "high")}


async def send_mail(mailbox: Mailbox, message: Message, *, now: datetime, deadline: float) -> Receipt:
    """Hand one letter to the mail server; its Message-ID is the receipt's.

    Before the letter itself was sent, nothing has arrived; once it was, only the server's reply tells.
    """
    import aiosmtplib

    letter = letter_of(mailbox, message, now=now)
    client = _client(mailbox, deadline)
    try:
        early = await _introduced(client, mailbox)
        if early is not None:
            return early
        try:
            await client.data(letter.as_bytes(policy=SMTP))
        except aiosmtplib.SMTPResponseException as error:
            return _answered(error.code)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            return Unknown("the line to the mail server broke before it answered")
        return Delivered(str(letter["Message-ID"]))
    finally:
        client.close()


async def _introduced(client: aiosmtplib.SMTP, mailbox: Mailbox) -> Receipt | None:
    """Connect, log in and name sender and recipients; return why that did not work, None when it did."""
    import aiosmtplib

    try:
        await client.connect()
        if mailbox.user and mailbox.password:
            await client.login(mailbox.user, mailbox.password)
        await client.mail(mailbox.sender[1])
        for address in (mailbox.to[1], *mailbox.copies, *mailbox.blind):
            await client.rcpt(address)
    except aiosmtplib.SMTPResponseException as error:
        return _answered(error.code)
    except (ssl.SSLError, aiosmtplib.SMTPException, OSError, TimeoutError, ValueError):
        return RetryLater("the mail server cannot be reached, or hung up before the letter")
    return None


def _client(mailbox: Mailbox, deadline: float) -> aiosmtplib.SMTP:
    import aiosmtplib

    return aiosmtplib.SMTP(
        hostname=mailbox.host,
        port=mailbox.port,
        use_tls=mailbox.tls == "ssl",
        start_tls=mailbox.tls == "starttls",
        validate_certs=mailbox.verify,
        timeout=deadline,
    )


def _answered(code: int) -> Receipt:
    login = ": the login is wrong" if code in {530, 534, 535, 538} else ""
    why = f"the mail server answered {code}{login}"
    return GiveUp(why) if code >= 500 else RetryLater(why)


def letter_of(mailbox: Mailbox, message: Message, *, now: datetime) -> EmailMessage:
    """Return the letter; no header holds anything but one line of what we wrote."""
    domain = mailbox.sender[1].rpartition("@")[2] or "alerts.invalid"
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = _one_line(message.title)
    letter["From"] = _named(mailbox.sender)
    letter["To"] = _named(mailbox.to)
    if mailbox.copies:
        letter["Cc"] = ", ".join(mailbox.copies)
    if mailbox.reply_to:
        letter["Reply-To"] = ", ".join(mailbox.reply_to)
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = _id(f"message {message.key}", domain)
    thread = _id(f"thread {message.thread} {message.key.rpartition('.')[2]}", domain)
    letter["References"] = " ".join(dict.fromkeys([thread, *_message_ids(message.root)]))
    letter["In-Reply-To"] = (_message_ids(message.root) or [thread])[0]
    letter["Auto-Submitted"] = "auto-generated"
    if message.severity in URGENT:
        letter["X-Priority"], letter["Importance"] = URGENT[message.severity]
    if message.mute_link:
        letter["List-Unsubscribe"] = f"<{message.mute_link}>"
    letter.set_content(f"{message.body}\n", cte="quoted-printable")
    if message.html is not None:
        letter.add_alternative(message.html, subtype="html", cte="quoted-printable")
    return letter


def _named(who: tuple[str, str]) -> str:
    name, address = who
    user, _, domain = address.rpartition("@")
    return str(MailAddress(display_name=_one_line(name), username=user, domain=domain))


def _id(text: str, domain: str) -> str:
    return f"<{sha256(text.encode('utf-8', 'replace')).hexdigest()[:32]}@{domain}>"


def _message_ids(root: str | None) -> list[str]:
    return [root] if root and root.startswith("<") and root.isprintable() and " " not in root else []


def _one_line(text: str) -> str:
    return "".join(" " if not char.isprintable() else char for char in text).strip()
