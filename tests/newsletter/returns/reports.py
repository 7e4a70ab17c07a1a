"""Reports in the shapes of several mail servers, written by us after what their documentation shows.

`{to}` is the return path that they come to, `{id}` the Message-ID of the mail that they return.
"""

from newsletter.mails.message_ids import message_id
from newsletter.mails.verp import bounce_address

POSTFIX = """\
Return-Path: <>
Date: Fri, 20 Nov 2026 06:30:00 +0000 (UTC)
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4F1.1763620200/mx.example.net"
Message-Id: <20261120063000.9ABCD@mx.example.net>

This is a MIME-encapsulated message.

--4F1.1763620200/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

<layla@example.com>: host mail.example.com[192.0.2.7] said: 550 5.1.1
    <layla@example.com>: Recipient address rejected: User unknown in virtual
    mailbox table (in reply to RCPT TO command)

--4F1.1763620200/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 9ABCD
Arrival-Date: Fri, 20 Nov 2026 06:29:58 +0000 (UTC)

Final-Recipient: rfc822; layla@example.com
Original-Recipient: rfc822;layla@example.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; 550 5.1.1 <layla@example.com>: Recipient address
    rejected: User unknown in virtual mailbox table

--4F1.1763620200/mx.example.net
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <{to}>
Message-ID: {id}
Subject: =?utf-8?b?2KPYrtio2KfYsQ==?=

--4F1.1763620200/mx.example.net--
"""

POSTFIX_DELAYED = """\
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Delayed Mail (still being retried)
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

THIS IS A WARNING ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; layla@example.com
Action: delayed
Status: 4.4.1
Diagnostic-Code: X-Postfix; connect to mail.example.com[192.0.2.7]:25: Connection timed out
Will-Retry-Until: Wed, 25 Nov 2026 06:29:58 +0000 (UTC)

--b--
"""

EXIM = """\
X-Failed-Recipients: layla@example.com
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@relay.example.net>
To: {to}
References: {id}
Content-Type: multipart/report; report-type=delivery-status; boundary=1763620200-eximdsn-1804289383
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Date: Fri, 20 Nov 2026 06:31:00 +0000

--1763620200-eximdsn-1804289383
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

--1763620200-eximdsn-1804289383
Content-type: message/delivery-status

Reporting-MTA: dns; relay.example.net

Action: failed
Final-Recipient: rfc822;layla@example.com
Status: 5.0.0
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; 550 No such user here

--1763620200-eximdsn-1804289383
Content-type: message/rfc822

Return-path: <{to}>
Message-ID: {id}

--1763620200-eximdsn-1804289383--
"""

EXIM_IN_WORDS = """\
X-Failed-Recipients: layla@example.com
From: Mail Delivery System <Mailer-Daemon@relay.example.net>
To: {to}
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  layla@example.com
    SMTP error from remote mail server after RCPT TO:<layla@example.com>:
    host mx.example.com [192.0.2.9]: 550 unknown user

------ This is a copy of the message, including all the headers. ------

Return-path: <{to}>
Message-ID: {id}
"""

EXCHANGE = """\
From: <postmaster@tenant.onmicrosoft.example>
To: <{to}>
Date: Fri, 20 Nov 2026 06:32:00 +0000
Content-Type: multipart/report; report-type=delivery-status;
	boundary="=_f1_"
MIME-Version: 1.0
In-Reply-To: {id}
Subject: =?utf-8?B?2YTZhSDZitmP2LPZhNmR2YU=?=
X-MS-Exchange-Message-Is-Ndr:
Auto-Submitted: auto-replied

--=_f1_
Content-Type: multipart/alternative; differences=Content-Type; boundary="=_f2_"

--=_f2_
Content-Type: text/plain; charset="windows-1256"
Content-Transfer-Encoding: quoted-printable

=E1=E3 =ED=CA=E3 =C7=E1=DA=CB=E6=D1

--=_f2_
Content-Type: text/html; charset="utf-8"

<html><body>layla@example.com</body></html>

--=_f2_--

--=_f1_
Content-Type: message/delivery-status

Reporting-MTA: dns;EUR01.prod.exchangelabs.example
Received-From-MTA: dns;mx.example.net

Final-Recipient: rfc822;layla@example.com
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient layla@example.com not found by SMTP address lookup

--=_f1_
Content-Type: message/rfc822

Message-ID: {id}
Subject: x

--=_f1_--
"""  # noqa: E501 - one line, as Exchange writes it

GMAIL = """\
Delivered-To: {to}
From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>
To: {to}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: {id}
In-Reply-To: {id}
MIME-Version: 1.0
Content-Type: multipart/report; boundary="00000000000abc"; report-type=delivery-status

--00000000000abc
Content-Type: multipart/related; boundary="00000000000def"

--00000000000def
Content-Type: text/html; charset="UTF-8"
Content-Transfer-Encoding: base64

PGh0bWw+PC9odG1sPg==

--00000000000def--

--00000000000abc
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.example
Arrival-Date: Thu, 19 Nov 2026 22:33:00 -0800 (PST)
X-Original-Message-ID: {id}

Final-Recipient: rfc822; layla@example.com
Action: failed
Status: 5.2.2
Remote-MTA: dns; gmail-smtp-in.l.example. (192.0.2.26, the server for the domain.)
Diagnostic-Code: smtp; 552-5.2.2 The recipient's inbox is out of storage space. Please direct the
 552-5.2.2 recipient to the help pages
 552 5.2.2 for more about it. x1-20020a - gsmtp
Last-Attempt-Date: Thu, 19 Nov 2026 22:33:01 -0800 (PST)

--00000000000abc
Content-Type: message/rfc822

Message-ID: {id}

--00000000000abc--
"""

QMAIL = """\
From: MAILER-DAEMON@old.example.org
To: {to}
Subject: failure notice

Hi. This is the qmail-send program at old.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<layla@example.com>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <{to}>
Message-ID: {id}
"""

IN_ARABIC_WORDS = """\
From: postmaster@mail.example.com
To: {to}
Subject: =?utf-8?B?2YHYtNmEINin2YTYqtiz2YTZitmF?=
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

تعذّر تسليم رسالتكم. صندوق البريد ممتلئ.
"""

MICROSOFT_POLICY = POSTFIX.replace("Status: 5.1.1", "Status: 5.7.515").replace(
    "550 5.1.1 <layla@example.com>: Recipient address\n    rejected: User unknown in virtual mailbox table",
    "550 5.7.515 Access denied, sending domain example.org does\n    not meet the required authentication level",
)

ARF = """\
From: feedback@mailbox.example
To: complaints@news.example.org
Date: Fri, 20 Nov 2026 06:33:00 +0000
Subject: FW: x
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report;
	boundary="part1_13d"

--part1_13d
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report for an email message.

--part1_13d
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <{to}>
Arrival-Date: Fri, 20 Nov 2026 06:00:00 +0000
Reported-Domain: example.org

--part1_13d
Content-Type: message/rfc822

From: <news@example.org>
To: <redacted@mailbox.example>
Message-ID: {id}

--part1_13d--
"""

VACATION = """\
From: Layla <layla@example.com>
To: {to}
Subject: =?utf-8?b?2KXYrNin2LLYqQ==?= Re: 550 5.1.1
Auto-Submitted: auto-replied (vacation)
Precedence: bulk
In-Reply-To: {id}

I am away until 5.1.1. 550 5.1.1 user unknown.
"""

VACATION_OF_OLD_SERVER = """\
From: layla@example.com
To: {to}
X-Autoreply: yes
Subject: Away

Back soon.
"""

READ_RECEIPT = """\
From: postmaster@mailbox.example
To: {to}
Content-Type: multipart/report; report-type=disposition-notification; boundary="b"

--b
Content-Type: text/plain

550 5.1.1 read.

--b
Content-Type: message/disposition-notification

Final-Recipient: rfc822;layla@example.com
Original-Message-ID: {id}
Disposition: manual-action/MDN-sent-manually; displayed

--b--
"""

PERSON = """\
From: A reader <reader@example.com>
To: {to}
Subject: 550 5.1.1 user unknown

Why do I get this? {id}
"""

BOUNCES = {
    "postfix": POSTFIX,
    "exim": EXIM,
    "exim in words": EXIM_IN_WORDS,
    "exchange": EXCHANGE,
    "qmail": QMAIL,
}


def written(shape: str, delivery_id: int, *, to: str = "", mail_id: str = "") -> bytes:
    text = shape.replace("{to}", to or bounce_address(delivery_id)).replace("{id}", mail_id or message_id(delivery_id))
    return text.encode()
