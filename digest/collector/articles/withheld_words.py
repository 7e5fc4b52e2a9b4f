# ruff: noqa: RUF001 - words of other alphabets
"""The words by which sites lock posts and mark what is no news, in the languages of the press.

WordPress sets "Protected: %s" and "Private: %s" before a headline, and writes "There is no excerpt
because this is a protected post." below it; these are its translations.
"""

from __future__ import annotations

LOCKED = (
    "Protected|Private|Geschützt|Privat|Protégé|Protégée|Privé|Protegido|Protegida|Privado|"
    "Privada|"
    "Protegit|Privat|Protexido|Babestua|Protetto|Privato|Riservato|Beveiligd|"
    "Lösenordsskyddad|Skyddad|Beskyttet|Passordbeskyttet|Varið|Suojattu|Salasanasuojattu|"
    "Yksityinen|"
    "Chroniony|Chronione|Zabezpieczony|Zabezpieczone|Prywatny|Prywatne|Chráněno|Chráněné|"
    "Chránené|"
    "Soukromé|Súkromné|Védett|Jelszóval védett|Magán|Privát|Protejat|Zaštićeno|Privatno|"
    "Zaščiteno|"
    "Zasebno|Apsaugota|Apsaugotas|Aizsargāts|Kaitstud|Mbrojtur|Korumalı|Parola korumalı|Özel|"
    "Защищено|Личное|Захищено|Приватний|Приватне|Защитено|Лично|Заштићено|Приватно|Заштитено|"
    "Абаронена|Προστατευμένο|Ιδιωτικό|დაცული|Պաշտպանված|محمي|محميّ|مقال محمي|مقالة محمية|خاص|"
    "محافظت‌شده|محافظت شده|خصوصی|محفوظ|מוגן|מוגן בסיסמה|פרטי|संरक्षित|सुरक्षित|निजी|সুরক্ষিত|"
    "ป้องกัน|ถูกป้องกัน|ส่วนตัว|Bảo vệ|Được bảo vệ|Đã bảo vệ|Riêng tư|Terproteksi|Diproteksi|"
    "Dilindungi|Pribadi|Peribadi|保護中|非公開|보호된 글|보호됨|비공개|密码保护|密碼保護|受保护的|"
    "受保护的内容|受保护的文章|受保護的內容|受保護的文章|受密碼保護的文章|保護|私密|私密内容|私密內容"
)
# A word of each pair stands in the sentence below a locked post, and in no other that is as short.
NO_EXCERPT = (
    "excerpt|extrait|extracto|extracte|riassunto|textauszug|auszug|resumo|zajawk|отрыв|уривк|"
    "откъс|"
    "özet|抜粋|요약|발췌|摘要|samenvatting|utdrag|uddrag|kivonat|výpis|úryvok|izvadak|rezumat|"
    "مقتطف|چکیده|תקציר|trích|kutipan|otet|απόσπασμα|เนื้อหาย่อ|कोई अंश"
)
PROTECTED = (
    "protected|geschützt|protég|protegid|protegit|protetto|beveiligd|skydda|beskyttet|suojattu|"
    "zabezpieczon|chronion|chráněn|chránen|védett|protejat|zaštićen|защищен|захищен|защитен|"
    "заштићен|koruma|محمي|محافظت|מוגן|ป้องกัน|bảo vệ|proteksi|dilindungi|保護|보호|保护|προστατευ|"
    "संरक्षित"
)
# Below a headline that says so: the words of the form, or that it is a post that is protected.
LOCK_WORDS = (
    "password|passwort|lösenord|adgangskode|passord|wachtwoord|mot de passe|contraseña|"
    "palavra-passe|hasłem|hasło|heslo|jelszó|salasana|parola|şifre|пароль|паролем|парола|лозинка|κωδικό|密码|密碼|"
    "パスワード|비밀번호|mật khẩu|kata sandi|รหัสผ่าน|סיסמה|كلمة مرور|كلمة المرور|رمز عبور|गुप्तशब्द|"
    "protected post|geschützten? Beitrag|article protégé|publication protégée|"
    "protegid[oa] (?:con|por)|entrada protegida|post protegido|articolo protetto|post protetto|"
    "beveiligd bericht"
)
# What `exclude` may name, with the words that tags, headlines and addresses have for it.
SPONSORED = (
    "Sponsored|Sponsored content|Sponsored post|Sponsor|Advertorial|Advertisement|Paid post|"
    "Paid content|Partner content|Branded content|Brand voice|Promoted|Anzeige|Werbung|"
    "Sonderthema|"
    "Sponsorisé|Contenu sponsorisé|Publireportage|Publi-reportage|Publi-rédactionnel|Publicité|"
    "Communiqué|Contenu partenaire|Patrocinado|Contenido patrocinado|Publirreportaje|Publicidad|"
    "Remitido|Conteúdo patrocinado|Publieditorial|Publicidade|Informe publicitário|Patrocinat|"
    "Sponsorizzato|Contenuto sponsorizzato|Pubbliredazionale|Publiredazionale|"
    "Informazione pubblicitaria|"
    "Advertentie|Gesponsord|Gesponsorde inhoud|Partnercontent|Annons|Annonssamarbete|"
    "Betalt innehåll|"
    "Annonce|Annoncørbetalt|Betalt indhold|Annonsørinnhold|Betalt innhold|Reklame|Mainos|"
    "Kaupallinen yhteistyö|Maksettu mainos|Reklam|Reklama|Artykuł sponsorowany|Materiał partnera|"
    "Materiał sponsorowany|Materiał promocyjny|Komerční sdělení|Komerčné|PR článek|PR článok|"
    "Inzerce|"
    "Hirdetés|Szponzorált|Szponzorált tartalom|Támogatott tartalom|Fizetett tartalom|Publicitate|"
    "Conținut sponsorizat|Advertorial (P)|Sponzorirano|Plaćeni sadržaj|Promo|Rėmimas|Reklāma|"
    "Sisuturundus|Turundusteave|Sponsorlu|Sponsorlu içerik|Advertorial içerik|Reklam içeriği|"
    "Реклама|На правах рекламы|Партнёрский материал|Партнерский материал|Спецпроект партнера|"
    "Реклама партнера|Рекламен|Платена публикация|Платена статия|Партнерський матеріал|Промо|"
    "На правах реклами|Спонзорисано|Χορηγούμενο|Διαφήμιση|Προωθητικό|Sponsored άρθρο|"
    "إعلان|إعلانات|محتوى برعاية|محتوى مدفوع|إعلان مدفوع|محتوى ترويجي|رپورتاژ آگهی|رپرتاژ آگهی|"
    "آگهی|תוכן שיווקי|בשיתוף|רפורטאז'ה|תוכן ממומן|פרסומת|प्रायोजित|विज्ञापन|বিজ্ঞাপন|"
    "บทความประชาสัมพันธ์|โฆษณา|Advertorial ไทย|Quảng cáo|Bài PR|Tài trợ|Iklan|Pariwara|"
    "Konten bersponsor|"
    "Konten sponsor|スポンサード|スポンサー|広告|広告特集|記事広告|タイアップ|광고|기획광고|협찬|"
    "广告|廣告|赞助内容|贊助內容|廣編|廣編特輯|推广|商业推广|品牌合作"
)
OBITUARIES = (
    "Obituary|Obituaries|Death notice|Death notices|Deaths|Nachruf|Nachrufe|Todesanzeigen|"
    "Traueranzeigen|Décès|Nécrologie|Avis de décès|Carnet|Obituario|Obituarios|Esquelas|"
    "Necrológicas|Obituari|Obituaris|Falecimentos|Falecimento|Obituário|Obituários|Necrologia|"
    "Necrologi|Necrologie|Lutti|Overlijdensberichten|Overleden|Dödsfall|Dödsannonser|Minnesord|"
    "Dødsfall|Dødsfald|Dødsannoncer|Mindeord|Minneord|Muistokirjoitus|Muistokirjoitukset|"
    "Kuolleet|"
    "Kuolinilmoitukset|Nekrolog|Nekrologi|Nekrológ|Nekrology|Zmarli|Úmrtí|Smuteční oznámení|"
    "Gyászhír|Gyászhírek|Gyászjelentés|Decese|Osmrtnice|Sahranë|Vefat|Vefatlar|Vefat edenler|"
    "Vefat ilanları|Некролог|Некрологи|Некролози|Памяти|Κηδείες|Κοινωνικά πένθη|Νεκρολογία|"
    "وفيات|نعي|تعازي|درگذشت|ترحیم|פטירות|מודעות אבל|הספד|मृत्युलेख|Cáo phó|Tin buồn|Obituari|"
    "訃報|おくやみ|お悔やみ|부고|부음|讣告|訃聞|訃告"
)
