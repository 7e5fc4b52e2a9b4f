"""The names of columns in many languages, compared without case, accents or punctuation."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import combining, normalize


@lru_cache(maxsize=1024)
def bare(name: str) -> str:
    """Return a column's name as it is compared: "E-Mail-Adresse" is "emailadresse"."""
    letters = normalize("NFKD", name.strip().casefold())
    return "".join(one for one in letters if one.isalnum() and not combining(one))


def bare_all(names: str) -> frozenset[str]:
    """Return names that are written down with blanks between them, as they are compared."""
    return frozenset(map(bare, names.split()))


EMAIL = bare_all(
    "email emailaddress mail mailaddress email_address emailid useremail subscriberemail"
    " contactemail primaryemail emailaddress1 email1 recipient address_email"
    " e-mail-adresse emailadresse mailadresse e-post e-postadress epostadresse"
    " adresse_e-mail adresse_email adressemail adresse_courriel courriel adresse_électronique"
    " correo correo_electrónico correoelectronico direccion_de_correo correoe"
    " indirizzo_email indirizzoemail indirizzo_e-mail posta_elettronica"
    " endereço_de_email enderecodeemail e-mailadres emailadres"
    " adres_e-mail adresemail adres_email e-mailová_adresa emailovaadresa"
    " sähköposti sähköpostiosoite netfang e-pasts el_paštas e-posta e-posta_adresi"
    " ηλεκτρονικο_ταχυδρομειο почта электронная_почта адрес_электронной_почты"
    " електронна_пошта имейл メール メールアドレス 電子メール 邮箱 电子邮件 电子邮箱 電子郵件"
    " 이메일 이메일주소 البريد_الإلكتروني البريد בריד אימייל דואר_אלקטרוני ईमेल อีเมล"
)
FULL_NAME = bare_all(
    "name fullname full_name displayname subscribername contactname membername nom_complet"
    " nombre_completo vollständiger_name nome_completo 名前 氏名 姓名 이름 имя_и_фамилия"
)
FIRST_NAME = bare_all(
    "firstname first_name fname givenname forename vorname prénom nombre nome imię imie"
    " voornaam förnamn fornavn etunimi křestní_jméno имя ad 名"
)
LAST_NAME = bare_all(
    "lastname last_name lname surname familyname nachname nom nom_de_famille apellido apellidos"
    " cognome sobrenome apelido nazwisko achternaam efternamn etternavn sukunimi příjmení"
    " фамилия soyad 姓"
)
SECTIONS = bare_all("sections section rubriken rubriques secciones sezioni seções")
LOCALE = bare_all("locale language lang sprache langue idioma lingua")
# What stands beside a state that is a part of a country, and not of a subscription.
PLACES = bare_all(
    "city town zip zipcode postcode postalcode country street address address1 region plz ort"
    " stadt land ville code_postal pays ciudad país"
)
