"""Words by which lists say how somebody stands in them, in the languages that readers write.

They are compared as columns' names are: without case, accents or punctuation (names.py).
"""

from __future__ import annotations

ACTIVE_WORDS = (
    "active subscribed confirmed enabled regular premium gifted subscriber yes"
    " opted_in optin opt-in aktiv abonniert bestätigt actif abonné activo suscrito"
    " attivo iscritto actief ativo inscrito aktywny true 1 bestaetigt angemeldet"
    " abonnent abonnée inscrit inscrite confirmé confirmée confirmado suscrita activa"
    " confirmato attiva iscritta ingeschreven bevestigd ativa confirmada inscrita"
    " zapisany subskrybowany aktivní přihlášen aktiivinen tilattu prenumererar"
    " bekräftad tilmeldt abonnerer påmeldt подписан подписана активен активный активна"
    " подтвержден подтверждён подписка підписаний активний abone εγγεγραμμένος ενεργός"
    " 購読中 登録済み 有効 購読 订阅 已订阅 訂閱 已訂閱 활성 구독 구독중 مشترك نشط מנוי פעיל"
)
PENDING_WORDS = (
    "pending unconfirmed unactivated inactive not_confirmed waiting awaiting"
    " awaiting_confirmation unverified single_opt_in transactional non-subscribed"
    " not_subscribed nonsubscribed never_subscribed inaktiv unbestätigt en_attente"
    " pendiente in_attesa trial validating unsure ausstehend wartend unbestaetigt"
    " nicht_bestätigt non_confirmé à_confirmer sin_confirmar por_confirmar"
    " non_confermato in_afwachting onbevestigd pendente não_confirmado oczekujący"
    " niepotwierdzony čekající odottaa väntande afventer avventer ожидает"
    " не_подтвержден неподтвержден неподтверждён очікує beklemede εκκρεμεί 確認待ち 未確認"
    " 保留中 待确认 未确认 대기 대기중"
)
PAUSED_WORDS = "paused pausiert on_hold vacation snoozed"
LEFT_WORDS = (
    "unsubscribed unsubscribe opted_out optout opt-out cancelled canceled left"
    " removed churned off disabled abgemeldet désabonné désinscrit baja cancelado"
    " disiscritto uitgeschreven wypisany unsub false no 0 expired former gekündigt"
    " gekuendigt ausgetragen abbestellt ehemalig désabonnée désinscrite résilié"
    " résiliée desabonné desinscrit desuscrito desuscrita dado_de_baja cancelada"
    " anulado disiscritta cancellato annullato afgemeld opgezegd descadastrado"
    " descadastrada desinscrito desinscrita wypisana zrezygnował odhlášen odhlášený"
    " odhlásen peruutettu poistunut avregistrerad avanmäld avslutad afmeldt frameldt"
    " avmeldt отписан отписана отписался отписалась отказ відписаний відписався"
    " abonelikten_çıktı ayrıldı διαγράφηκε 解除 配信停止 退会 購読解除 登録解除 停止"  # noqa: RUF001
    " 退订 已退订 取消订阅 退訂 已退訂"
    " 取消訂閱 구독취소 수신거부 해지 ألغى_الاشتراك غير_مشترك הוסר ביטל_מנוי"
)
BOUNCED_WORDS = (
    "bounced bounce hard_bounce hardbounce hard_bounced cleaned undeliverable invalid"
    " undelivered bounced_hard dropped not_sending unzustellbar rebotado rebote"
    " devuelto rejeté rebond non_distribuable respinto rimbalzato geweigerd"
    " onbestelbaar devolvido rejeitado odbity odrzucony nedoručitelný avvisad"
    " недоставлен недоставлено не_доставлено 配信不能 不達 エラー 退信 반송"
)
COMPLAINED_WORDS = (
    "complained complaint spam spam_complaint abuse marked_as_spam reported_spam junk"
    " spam_report spamreport plainte queja reclamo жалоба спам 迷惑メール"
)
BLOCKED_WORDS = (
    "blocked blocklisted blacklisted blacklist blocklist suppressed banned by_hand"
    " gesperrt bloqué bloqueado bloccato do_not_contact do_not_email geblokkeerd"
    " zablokowany blokovaný blockerad blokeret blokkert estetty заблокирован"
    " заблоковано engelli 拒否 ブロック 黑名单 已屏蔽 차단"
)
DELETED_WORDS = "deleted archived gelöscht supprimé eliminado erasure erased trashed"
UNMISTAKABLE_PARTS = (
    "unsubscrib optedout abgemeldet ausgetragen abbestellt desabonn desinscri"
    " desuscrit disiscritt uitgeschreven descadastr wypisan odhlasen отписа відписа"
    " 配信停止 購読解除 登録解除 退订 退訂 구독취소 수신거부 bounced undeliverable"
    " unzustellbar недоставлен"
    " complained markedasspam reportedspam blocklisted blacklisted donotcontact"
    " donotemail"
)
