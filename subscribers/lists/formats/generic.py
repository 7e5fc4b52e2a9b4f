"""Any list with a column of addresses.

A column that may say that somebody left is read, or asked about.

A column whose name has to do with leaving, bouncing or blocking, and that is none of those below,
makes the file ambiguous: recognising.py then asks what it means.
"""

from subscribers.lists.contract import Field, ListFormat
from subscribers.lists.names import (
    EMAIL,
    FIRST_NAME,
    FULL_NAME,
    LAST_NAME,
    LOCALE,
    SECTIONS,
)
from subscribers.lists.standings import (
    BLOCKED,
    BOUNCED,
    COMPLAINED,
    DELETED,
    LEFT,
    PENDING,
    Said,
    by_word,
    if_empty,
    if_filled,
    if_not,
    if_suppressed,
)


def _each(names: str, read: Said) -> dict[str, Said]:
    return dict.fromkeys(names.split(), read)


GENERIC = ListFormat(
    name="generic",
    title="a list with an e-mail column",
    signs=(),
    columns={
        Field.EMAIL: tuple(sorted(EMAIL)),
        Field.NAME: tuple(sorted(FULL_NAME)),
        Field.FIRST_NAME: tuple(sorted(FIRST_NAME)),
        Field.LAST_NAME: tuple(sorted(LAST_NAME)),
        Field.SECTIONS: tuple(sorted(SECTIONS)),
        Field.LOCALE: tuple(sorted(LOCALE)),
        Field.JOINED: (
            "created_at",
            "joined_at",
            "subscribed_at",
            "date_subscribed",
            "signup_date",
        ),
        Field.ASKED: ("optin_time", "opt_in_at", "opted_in_at", "consent_at", "consent_date"),
        Field.ASKED_IP: ("optin_ip", "signup_ip", "subscribed_ip", "ip", "ip_address"),
        Field.CONFIRMED: ("confirmed_at", "confirm_time", "confirmation_time", "verified_at"),
        Field.CONFIRMED_IP: ("confirm_ip", "confirmed_ip", "confirmation_ip"),
        Field.LEFT: ("unsubscribed_at", "unsub_time", "unsubscribed_on", "opted_out_at"),
        Field.REASON: ("unsubscribe_reason", "unsub_reason", "reason"),
    },
    said={
        **_each(
            "status state subscription_status email_status subscriber_status subscriber_type"
            " member_status subscription_state contact_status list_status global_status"
            " optin_status marketing_status email_marketing_status email_marketing statut estado"
            " stato estatus situação situacao stan stav stare állapot tila tillstånd tilstand durum"
            " statuss staatus zustand abostatus статус состояние стан κατάσταση 状態 ステータス"
            " 購読状態 状态 狀態 订阅状态 상태 الحالة סטטוס מצב स्थिति สถานะ",  # noqa: RUF001
            by_word,
        ),
        **_each("suppressed suppression suppression_reason", if_suppressed),
        **_each(
            "unsubscribed unsubscribed_at unsubscribed_on unsubscribe unsubscribe_date"
            " unsubscribe_time unsub_time unsubscription_date opt_out opted_out opted_out_at"
            " optout optout_time optout_date optout_at is_unsubscribed abgemeldet abgemeldet_am"
            " global_unsubscribe email_disabled email_optout has_opted_out_of_email disabled"
            " unsubscribed_from_all_email abgemeldet_seit abmeldedatum austragungsdatum"
            " désabonné désabonné_le date_de_désabonnement désinscrit désinscrit_le"
            " fecha_de_baja baja data_disiscrizione uitgeschreven_op data_descadastro"
            " data_wypisania дата_отписки отписан 退会日 配信停止日 退订日期",
            if_filled(LEFT),
        ),
        **_each(
            "bounced bounced_at bounce hard_bounce hard_bounced hard_bounced_at cleaned"
            " cleaned_at clean_time undeliverable is_bounced invalid",
            if_filled(BOUNCED),
        ),
        **_each(
            "complained complained_at complaint spam spam_complaint marked_as_spam"
            " reported_spam abuse",
            if_filled(COMPLAINED),
        ),
        **_each(
            "blocked blocked_at blocklisted blacklisted blocklisted_at blacklisted_at banned"
            " is_blocked email_blacklisted email_blocklisted do_not_email do_not_contact"
            " suppressed_at",
            if_filled(BLOCKED),
        ),
        **_each("deleted deleted_at is_deleted removed removed_at archived", if_filled(DELETED)),
        **_each(
            "subscribed is_subscribed active is_active opt_in opted_in optin enabled is_enabled"
            " newsletter accepts_marketing accepts_email_marketing subscribed_to_emails"
            " receives_email aktiv abonniert",
            if_not(LEFT),
        ),
        **_each(
            "confirmed is_confirmed verified is_verified email_verified double_opt_in"
            " double_optin bestätigt",
            if_not(PENDING),
        ),
        **_each("confirmed_at confirm_time confirmation_time verified_at", if_empty(PENDING)),
    },
    exact=True,
)
