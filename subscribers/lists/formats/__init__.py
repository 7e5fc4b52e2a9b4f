"""The formats that are recognised: one file each, and one line here. The first that fits is it."""

from subscribers.lists.contract import ListFormat
from subscribers.lists.formats.brevo import BREVO
from subscribers.lists.formats.buttondown import BUTTONDOWN
from subscribers.lists.formats.generic import GENERIC
from subscribers.lists.formats.ghost import GHOST
from subscribers.lists.formats.jetpack import JETPACK
from subscribers.lists.formats.kit import KIT
from subscribers.lists.formats.listmonk import LISTMONK
from subscribers.lists.formats.mailchimp import MAILCHIMP, MAILCHIMP_CLEANED, MAILCHIMP_UNSUBSCRIBED
from subscribers.lists.formats.mailerlite import MAILERLITE
from subscribers.lists.formats.mailpoet import MAILPOET
from subscribers.lists.formats.newsletter_plugin import NEWSLETTER_PLUGIN
from subscribers.lists.formats.own import OWN
from subscribers.lists.formats.substack import SUBSTACK

FORMATS: tuple[ListFormat, ...] = (
    OWN,
    MAILCHIMP_UNSUBSCRIBED,
    MAILCHIMP_CLEANED,
    MAILCHIMP,
    LISTMONK,
    GHOST,
    SUBSTACK,
    BUTTONDOWN,
    MAILERLITE,
    MAILPOET,
    NEWSLETTER_PLUGIN,
    BREVO,
    JETPACK,
    KIT,
    GENERIC,
)

__all__ = ["FORMATS", "GENERIC", "OWN"]
