"""Which of the old eight-bit encodings a text is in: Western or Central European.

Windows-1250 and Windows-1252 give a letter to nearly every byte, so neither ever fails: what was
"Erdős" reads as "Erdõs". The names themselves tell: the reading whose letters all occur in the
alphabet of one language is the right one (alphabets: Unicode CLDR, exemplar characters). A short
file can fit both; then the country decides whose spreadsheet wrote it.
"""

import re

WESTERN, CENTRAL = "Windows-1252", "Windows-1250"
# Of each language the letters beyond a–z.
ALPHABETS = {
    WESTERN: (
        "àâæçéèêëîïôœùûüÿ",  # French
        "áâãàçéêíóôõúü",  # Portuguese
        "áéíñóúü",  # Spanish
        "àçéèíïòóúü",  # Catalan
        "àéèìíîòóùú",  # Italian
        "äöüß",  # German
        "åäöæøéü",  # Danish, Norwegian, Swedish, Finnish
        "áðéíóúýþæö",  # Icelandic
        "áéëíïóöüè",  # Dutch
        "äõöüšž",  # Estonian
    ),
    CENTRAL: (
        "áéíóöőúüű",  # Hungarian
        "ąćęłńóśźż",  # Polish
        "áčďéěíňóřšťúůýž",  # Czech
        "áäčďéíĺľňóôŕšťúýž",  # Slovak
        "čćđšž",  # Croatian, Bosnian, Slovenian
        "ăâîșțşţ",  # Romanian
    ),
}
# Countries whose spreadsheets write Windows-1250.
CENTRAL_COUNTRIES = frozenset(["AL", "BA", "CZ", "HR", "HU", "ME", "PL", "RO", "RS", "SI", "SK"])
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
# In Portuguese this letter stands before an e and nowhere else (Simões).
LONE_TILDE = re.compile(r"õ(?!e)", re.IGNORECASE)
# One letter in so many may be foreign to the language of the rest.
TOLERANCE = 20


def choose(readings: dict[str, str], country: str = "") -> str:
    """The likelier of the readings (encoding → text) of one file."""
    usual = CENTRAL if country.upper() in CENTRAL_COUNTRIES else WESTERN
    strange = {encoding: _strange(text, encoding) for encoding, text in readings.items()}
    best = min(strange, key=lambda encoding: (strange[encoding], encoding != usual))
    letters = len(BEYOND_ASCII.findall(readings[best]))
    if usual in strange and strange[usual] - strange[best] <= letters // TOLERANCE:
        return usual
    return best


def _strange(text: str, encoding: str) -> int:
    """How many letters do not belong to the one language that explains most of them."""
    found = [sign.lower() for sign in BEYOND_ASCII.findall(text)]
    if not found:
        return 0
    best = len(found)
    for alphabet in ALPHABETS[encoding]:
        missing = sum(letter not in alphabet for letter in found)
        if "ã" in alphabet:
            missing += len(LONE_TILDE.findall(text))
        best = min(best, missing)
    return best
