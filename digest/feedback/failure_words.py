"""The words by which servers say why they refuse, as one ordered table: the first row decides.

Words come before codes, because servers send 5.1.1 for a full mailbox, and 5.7.1 for one that does
not exist. The rows are tried on text in lower case with single blanks.

Sources, read in November 2026: RFC 3463, RFC 7372, RFC 7505; the replies that Gmail, Exchange
Online, Yahoo, iCloud, Amazon SES, Orange, Postfix, Exim, qmail and sendmail publish.
"""

from __future__ import annotations

import re

from digest.models.feedback import Failure

# No such mailbox, in the words of systems that own the directory: Exchange, Domino, iCloud, Yahoo.
_PUBLISHED = (
    r"recipient address rejected: access denied|5\.1\.1 .{0,80}inactive email address"
    r"|recipient name is not recogni[sz]ed|not listed in (\w+ domino|domino|public)"
    r"|リストにありません"
    r"|no valid recipients"
    r"|invalid final delivery userid|^unknown user: \S+@|^no such domain|not (contained"
    r"|found) in the directory"
    r"|\d .{0,30}this user doesn.?t have a [\w.-]{1,40} account|destinataire invalide"
    r"|\*\* address not found \*\*|because the domain is not reachable"
)
_SPAM = (
    r"\b(is|as|be|of|for|like|contains?|classified|detected|considered|identified|suspected)\b"
    r"[\w ,:'\"]{0,30}\bspam(?! ?haus|cop)\b"
    r"|\bspam (message|mail|content|detect|score|filter|classification|rejected|probability)"
    r"|\bspam(my)?\b.{0,20}\b(rejected|refused|detected|blocked|content)\b"
    r"|\bunsolicited|\bbulk mail\b|\blooks? like (spam|junk)|\b(uribl|surbl)\b|\bspamassassin"
    r"|reject.{0,60}- ?spam\b|\bofr_50[56]\b|mcspamsignature"
)
_CONTENT = (
    r"\bvirus|\bmalware|\binfected\b|\bphish"
    r"|\b(message|mail|e-?mail|size|content|body|data|attachment)\b.{0,40}\btoo (big|large)\b"
    r"|\btoo (big|large) (for|message|mail)\b|\b(message|mail|recip)\w* ?(size|length) ?(limit"
    r"|exceed)"
    r"|\b(size|length) (of the message )?exceed|exceed\w* .{0,30}\b(message|mail|file"
    r"|content) (size|length)"
    r"|max(imum)? (message|mail)? ?size|(message|mail) (size|length) exceed|\bsize limit"
    r"|content (was )?(reject|filter|polic|restrict|not (allowed|accepted))|content presents"
    r"|(banned|forbidden|illegal|prohibited|blocked|executable) (content|attachment|file)"
    r"|attachment.{0,30}(not (allowed|permitted)|blocked|rejected|type)|message content"
    r"|improper use of 8-?bit|\b(lone|bare) (cr|lf)\b|\blone linefeed"
    r"|not rfc ?\d* ?(5322|2822|822)? ?compliant|multiple (addresses"
    r"|550 5\.7\.1 addresses)[\w .]{0,8} in from"
    r"|(bad|invalid|missing|multiple|illegal|malformed|duplicate) [\w-]{0,12} ?headers?"
    r"|header error"
    r"|\bnot (comply|compliant|conform)|blocked because its content"
    r"|mime (complexity|headers?)|base64 encoding|binary content|header size|line limit"
    r"|taille limite|duplicate header"
    r"|executable (file|attachment)|images or other attachments|mass mailer"
)
_AUTHENTICATION = (
    r"\b(spf|dkim|dmarc|sender ?id)\b|unauthenticated|not authenticated|authentication (fail"
    r"|required|check)"
    r"|sender policy framework|purported responsible|arc (fail|valid)"
)
_MACHINE = (
    r"(block|black|deny|reject)[- ]?list|\b(dns|r)bls?\b|dnsbl|spamhaus|spamcop|sorbs"
    r"|barracuda ?(central|reputation)"
    r"|\bptr\b|reverse (dns|hostname|lookup)|\brdns\b|ip (name )?lookup|(helo|ehlo) (name"
    r"|command|host)"
    r"|reputation|rate limited due|banned (send|ip)|\b(client|sending|your|the) (host|ip"
    r"|server|mail server|network|address)\b.{0,60}"
    r"(rejected|blocked|banned|refused|denied|listed|not allowed|dynamic)"
    r"|\b(blocked|banned|rejected|refused) (by|using|from|due to|because|for)\b.{0,40}(ip|list"
    r"|abuse|complaint|policy|isp|security)"
    r"|connections? (not accepted|refused|rejected) from|not accepting (connections|mail from)"
    r"|dynamic ip"
    r"|valid (sender|reverse|hostname|fqdn)|fix reverse|resolve your|cannot find your|(smtp"
    r"|mail) server of your isp"
    r"|(bad|invalid) (sender )?ip\b|network not allowed|ip profile|spams? from your"
    r"|mail from your ip|unverifyable|forbidden by your|your (server|network) (requires|is)"
    r"|unwanted messages|open proxy|not allowed to connect|remotehost|confirm this mail server"
    r"|no access from|go away"
    r"|mailserver|mail exchanger$|multi-blacklist|mismatches client ip|trop de connexions"
    r"|esmtp not accepting"
    r"|\(bl\)|\d no smtp service\b|relay quota|temporarily deferred due to|user complaints"
    r"|\btss04|unexpected volume"
    r"|too many recipients this|you.{0,8}(are|have been) (blocked|banned)"
    r"|problem occurred.{0,40}postmaster"
)
_SENDER = (
    r"\bsender\b.{0,40}(reject|denied|refused|not (allowed|accepted|permitted|exist|found"
    r"|pre-?approved)|unknown|invalid|empty|verif|black)"
    r"|(reject|denied|refus|invalid|unknown|unroutable|unresolvable|bogus)\w* .{0,30}\b(sender"
    r"|mail from|return.?path|from address)"
    r"|domain of sender|your (e-?mail|address|domain) .{0,40}(reject|block|denied|not (allowed"
    r"|accepted))"
    r"|\bbatv\b|backscatter|(null|empty|envelope) senders?|emetteur invalide"
    r"|mail from not owned|no third-party dsn"
    r"|from: domain is invalid|isn't on the recipient's list|spam reporting address"
    r"|valid-?address-?filter"
)
_POLICY = (
    r"\brelay\w*\b.{0,24}(denied|prohibited|refused|not (allowed|permitted)|forbidden)"
    r"|insecure mail relay"
    r"|(denied|unable|prohibited|not (allowed|permitted|configured)) to relay|no relaying"
    r"|we do not relay"
    r"|allowed rcpthosts|not a gateway|address is not verified|failed the check in region"
    r"|\bpolic(y|ies)\b|protocol violation|security (polic|reason|violation|restrict|check"
    r"|require)\w*|restricted|not (permitted|authori[sz]ed|allowed) to"
    r"|\brequires? (that )?(the )?(sender|authentication)|notauthorized|only (accepts?|allow)"
    r"|not a member|(permission|allowed) to post|not have permission|subscribers? only|moderat"
    r"|(recipient|user) preferences|user rules|blocked by the recipient|user (refuse|reject)"
    r"|administrative prohibition"
    r"|access denied|transaction failed.{0,20}reject|(message|mail|e-?mail) (was )?(blocked"
    r"|rejected|refused|denied|not allowed|not accepted)"
    r"|organi[sz]ation(al)? (policy|settings)|secumail|rule imposed|bouncedeny|mailing list"
    r"|low priority|delivery not authori"
    r"|verification failure|authentifi|authentication|sendrawemail|not subscribed to|mail from"
    r"|access (is )?forbidden"
    r"|customfromdenied|tls (is )?required|starttls|encryption (needed|required)"
    r"|^\d{3} ([45]\.\d+\.\d+ )?(rejected|refused|denied)\b|groups\.google\.com/support"
)
_MAILBOX = (
    r"\b(mail ?box|account|user|inbox|recipient|maildir|storage|disk|quota|folder)\w*\b.{0,50}"
    r"\b(full|over ?quota|exceed\w*|over (its|the|their|his)|out of (space|storage)|too full"
    r"|limit|used up)\b"
    r"|over ?quota|\bquota\b.{0,20}(exceed|full|violat|reach)|(exceed\w*"
    r"|over)\b.{0,40}\b(quota|storage|disk|mailbox)"
    r"|insufficient (disk|storage|system storage|space)|not enough (disk )?(space|storage)"
    r"|no space left|disk full"
    r"|mailfolder is full|too many (messages|mails) (in|on)|number of messages in .{0,60}exceed"
    r"|(mail ?box|account|user|recipient|address|domain)\b.{0,40}\b(suspend|disable|inactiv"
    r"|frozen|locked|deactivat|on hold|dormant|expired)\w*"
    r"|(suspended|disabled|inactive|frozen|locked|deactivated) (mail ?box|account|user"
    r"|recipient|e-?mail|address)"
    r"|gr[ea]y-?list|try (again )?later|temporarily (unavailable|rejected|deferred|disabled)"
    r"|mailbox (is )?(busy|locked)"
    r"|not currently (being )?accept|inactivity"
    r"|archived recipient|archivee|is terminated|pleine\b|used up|too much mail data"
    r"|storage allocation|does not have enough space"
    r"|invalid/inactive|recipient suspend|unavailable or access denied|no longer accepts mail"
)
_NOBODY = (
    r"\b(user|recipient|mail ?box|account|address|alias|customer|person|addressee|destination"
    r"|local.?part)s?\b"
    r"(?:[^.;]|\.(?! )){0,60}?\b(unknown|not found|(do|does|did)(n.?t| not) exist|no longer"
    r"|not (listed|known|recogni[sz]ed|exist|valid|available here)|invalid|non-?existe?nt"
    r"|unrecogni[sz]ed)"
    r"|\b(unknown|no such|invalid|non-?existent|undefined|incorrect|bad|illegal|unrouteable"
    r"|unroutable|not a valid|no valid|unrecogni[sz]ed|not our)"
    r" (or (illegal|invalid) )?(local |e-?mail |destination |remote )?(or \w+ )?(user"
    r"|recipient|mail ?box|person|account|address|alias|local.?part|customer|name)"
    r"|doesn.?t have an? .{0,60}account|does not have an? .{0,40}account|no mailbox here"
    r"|not our (user|customer)|no one by that name"
    r"|(user|recipient|mailbox) (is )?(not |un)known|nosuchuser|recipnotfound|recipientnotfound"
    r"|\b(unknown|invalid) (virtual )?(user|recipient)|not listed in|no longer (on|at|with"
    r"|valid|active|works|employed|exist)"
    r"|bad destination mailbox|mailbox unavailable|(user|mailbox|address"
    r"|recipient) (has )?moved|destinataire invalide|inactive email address"
    r"|not (a )?(registered|local) (user|here|address)|not an active address"
    r"|no ?one at this address|bad ?rcpt ?to|badrecipientto"
    r"|validrcptto|not present in|not e-?mail addresses|missing home directory"
    r"|user (is )?not active|no account by"
    r"|no existe|utilisateur inconnu|nessun utente|recipient (is )?not (accepted|local|ok)"
    r"|account unavailable"
    r"|can.?t accept user|could not be found|wrong or no longer|550 address invalid"
    r"|invalid .{0,20}user ?id|5\.1\.0 address rejected|5\.1\.1 bad address"
    r"|addresses were unknown"
    r"|recipient address rejected: (invalid|unknown|user)|mailbox not present|does not exist\."
    r"|server rejected recipients|adresse.{0,30}(inconnue|invalide|unbekannt|existiert nicht)"
    r"|unbekannt|存在しません|見つかりません|リストにありません"
)
_NO_HOST = (
    r"\bhost [\w.-]{1,80} not found|\b(host|domain)( name)?s? (is |was )?"
    r"(unknown|not found|(does|do|did)(n.?t| not) exist|non-?existent|invalid|cannot be found"
    r"|nxdomain)"
    r"\bhost [\w.-]{1,80} not found|\b(host|domain|name|mx|server)s?\b[^.;]{0,40}?\b(unknown"
    r"|not found|not exist|non-?existent|invalid|cannot be found|nxdomain|not exist)"
    r"|(unknown|no such|illegal|invalid|unroutable|unrouteable|nonexistent) (host|domain"
    r"|mail domain)"
    r"does not accept (e-?)?mail|doesn.?t receive e?-?mail|unroute?able (mail )?(domain|address)"
    r"|no (a|mx)( record| host|/mx)|all relevant mx records point to non-existent|null ?mx"
    r"|not accepting network messages|(mx or )?srv record indicated no smtp"
    r"|domain name not found|domain is not reachable|name or service not known"
    r"|illegal host/domain|smtp .{0,20}not supported for"
)
_EXPIRED = (
    r"message expired|envelope expired|retry time|delivery retry|connection timed? ?out"
    r"|^timed? ?out"
    r"|(hop|loop|queue).{0,12}(exceed|detect|too long)|lost connection|try again"
    r"|mail (forwarding )?loop|loops? back|misconfigur|config(uration)? error|local (problem"
    r"|error)|gateway for"
    r"|transaction failed$|internal (server )?error|interrupted|write error|user output file"
    r"|exceeding receiving limits"
    r"|mailer error|command (failed|died)|pipe to|\|\| exit|x-unix|procmail|maildrop"
    r"|command output|could ?n.t create|cannot create|local configuration error"
)
_LATER = (
    r"timed? ?out|time-?out|retry time|expired|connection (refused|reset|lost|closed|dropped)"
    r"|lost connection"
    r"|could not connect|not connect|unable to connect|did not accept our requests|no route"
    r"|(un|not |n.t )reach|not respond"
    r"|temporary|temporarily|too many (hops|received|connections|recipients|sessions)|loop"
    r"|hop count|resources"
    r"|queue too long|giving up|given up|name service error|name server|system (error|problem"
    r"|failure)|server (busy|error)|out of memory"
    r"|service (currently |is )?(unavailable|refuse)|could not load|rate limit|throttl"
    r"|try again|multiple retries|delivery failed \d+ attempts"
)

# The command that was answered, as Exim, Postfix, sendmail and Yahoo name it: nothing was said
# of the recipient yet.
_BEFORE_RECIPIENT = (
    r"(after|in reply to) mail from|\[?mail_from\]|>>> mail from:\S+ <<< 5|(after"
    r"|on) initial connection"
    r"|in reply to (end of )?(helo|ehlo)|while (performing the )?(helo|ehlo)|(sender"
    r"|my name) was rejected"
)

FULL = re.compile(
    r"\b(mailbox|quota|account)\b.{0,20}\b(full|exceeded|disabled|suspended)\b|over ?quota"
    r"|not enough (disk )?space|disk (is )?full|disk quota"
)
TABLE: tuple[tuple[str, re.Pattern[str], Failure], ...] = (
    ("published", re.compile(_PUBLISHED), Failure.HARD),
    ("spam", re.compile(_SPAM), Failure.CONTENT),
    ("authentication", re.compile(_AUTHENTICATION), Failure.POLICY),
    ("content", re.compile(_CONTENT), Failure.CONTENT),
    ("expired", re.compile(_EXPIRED), Failure.SOFT),
    ("machine", re.compile(_MACHINE), Failure.POLICY),
    ("mailbox", re.compile(_MAILBOX), Failure.SOFT),
    ("of the sender", re.compile(_SENDER), Failure.POLICY),
    ("host", re.compile(_NO_HOST), Failure.HARD),
    ("nobody", re.compile(_NOBODY), Failure.HARD),
    ("policy", re.compile(_POLICY), Failure.POLICY),
    ("sender", re.compile(_BEFORE_RECIPIENT), Failure.POLICY),
    ("later", re.compile(_LATER), Failure.SOFT),
)
