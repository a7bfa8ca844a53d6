"""Which language a text is in, well enough to say that the reader can't read it.

Counts letters by script, then, for Latin, Arabic and Cyrillic script, the share of words that are
the commonest ones of each language. A rule of thumb over the first part of a text, not a model:
it tells the languages below apart in running text of twenty words and more, and says ``und``
(undetermined) rather than guess.
"""

import re
import unicodedata
from collections import Counter

UNDETERMINED = "und"
_SAMPLE = 20_000
_ENOUGH_LETTERS = 12

_SCRIPTS = {
    "ARABIC": "ar",
    "CYRILLIC": "ru",
    "HEBREW": "he",
    "GREEK": "el",
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "THAI": "th",
    "ETHIOPIC": "am",
}
_STOPS: dict[str, dict[str, str]] = {
    "LATIN": {
        "en": "the of and to in that is was for on with as by at from it its has have had were "
        "are be been which who this but not an he his they their said after will would",
        "fr": "le la les de des du et en un une que qui dans est pour par sur au aux avec ne pas "
        "ce cette ces il elle sont été a ont plus se leur leurs d l",
        "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine einer "
        "als auch es an werden aus er hat dass sie nach wird bei sind wurde",
        "es": "el la los las de y que en un una por con para del al se su sus es no lo como más "
        "fue ha han pero este esta entre sobre",
        "it": "il lo la gli le di e che in un una per con del della dei delle al alla si è non "
        "sono da nel nella ha come più anche i",
        "pt": "o a os as de e que em um uma por com para do da dos das no na nos nas se é não foi "
        "ao à como mais são",
        "nl": "de het een en van in te dat op is voor met zijn niet aan er om ook als door bij "
        "naar werd uit heeft worden over",
        "tr": "ve bir bu da de için ile olarak olan daha en çok sonra kadar gibi ise ya ne o ki "
        "olduğu tarafından etti edildi",
        "ku": "û li di de ji bo ku ew bi jî yên ya yê vê wan xwe ne hat ser",
        "pl": "w i z na do się nie że o to jest po od za jak przez są był dla oraz ma",
        "id": "yang dan di dari untuk dengan pada ini itu tidak dalam akan oleh ke telah ada juga",
    },
    "ARABIC": {
        "ar": "في من على إلى أن التي الذي هذا هذه عن مع كان بعد قد ما لا كما بين ذلك و ان الى كانت",
        "fa": "در به از که این را با است برای آن می شد شده های بر خود تا یک و کرد نیز هم بود",
        "ur": "کے کی میں ہے اور سے کا کو نے پر ہیں یہ کہ اس ایک بھی تھا",
        "ckb": "لە بە کە بۆ لەگەڵ ئەو ئەم دەکات و هەر بوو ئێستا",
    },
    "CYRILLIC": {
        "ru": "и в не на что с он по это как из за от для о его но к были также был все у",
        "uk": "і в не на що з та у до за від про для як це його але є також був були які",
        "bg": "и на в да за от се не че с са е по това като до ще към",
    },
}
_STOP_SETS = {
    script: {code: frozenset(words.split()) for code, words in listed.items()}
    for script, listed in _STOPS.items()
}
# Letters only one of the languages of the script writes.
_TELLTALE = {"ARABIC": {"fa": "پچژگ", "ur": "ٹڈڑںے", "ckb": "ەێۆڵڕ"}, "CYRILLIC": {"uk": "іїєґ"}}
_KANA = re.compile("[\u3041-\u30ff]")
_WORD = re.compile(r"[^\W\d_]+")
READ = frozenset({"en", UNDETERMINED})
"""Languages that the readers which ship can read; a text too short to tell is tried."""
_PASSAGE_WORDS = 15
_NAMES = {
    "am": "Amharic", "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ckb": "Central Kurdish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fa": "Persian",
    "fr": "French", "he": "Hebrew", "hi": "Hindi", "hy": "Armenian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "ku": "Northern Kurdish",
    "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "th": "Thai",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "zh": "Chinese",
}  # fmt: skip


def language_name(code: str) -> str:
    """The English name of a language by its code; the code itself where it has none here.

    Examples
    --------
    >>> language_name("fa"), language_name("und")
    ('Persian', 'a language that could not be told')
    """
    if code == UNDETERMINED:
        return "a language that could not be told"
    return _NAMES.get(code, code)


def can_be_read(passage: str, *, report: str) -> bool:
    """Whether a paragraph can be read, in a report of one language or of several.

    Parameters
    ----------
    report
        The language of the whole report. In an English one a paragraph is left out only if it is
        surely in another; in any other one it is read only if it is surely English.

    Examples
    --------
    >>> can_be_read("قال الجيش إن قواته سيطرت على المدينة التي تقع في شرق سوريا", report="en")
    False
    >>> can_be_read("Raqqa, Deir ez-Zor", report="en"), can_be_read("Raqqa", report="ar")
    (True, False)
    """
    code = language_of(passage)
    latin = code in _STOPS["LATIN"] and code != "en"
    if latin and len(_WORD.findall(passage)) < _PASSAGE_WORDS:
        code = UNDETERMINED
    return code in READ if report in READ else code == "en"


def language_of(text: str) -> str:
    """The ISO 639 code of the language of a text, ``und`` where that can't be told.

    Examples
    --------
    >>> language_of("The army said that its forces were near the border and would hold it.")
    'en'
    >>> language_of("قال الجيش إن قواته سيطرت على المدينة التي تقع في شرق سوريا")
    'ar'
    >>> language_of("12/6 -- 14")
    'und'
    """
    sample = text[:_SAMPLE]
    words = [unicodedata.normalize("NFC", w).lower() for w in _WORD.findall(sample)]
    scripts = Counter[str]()
    for word in words:
        scripts[_script(word[0])] += len(word)
    letters = scripts.total()
    if letters < _ENOUGH_LETTERS:
        return UNDETERMINED
    script, count = scripts.most_common(1)[0]
    if count < 0.5 * letters:
        return UNDETERMINED
    if script not in _STOP_SETS:
        if script == "CJK" and len(_KANA.findall(sample)) > 0.1 * count:
            return "ja"
        return _SCRIPTS.get(script, UNDETERMINED)
    inside = [w for w in words if _script(w[0]) == script]
    return _by_words(script, inside)


def _by_words(script: str, words: list[str]) -> str:
    counted = Counter(words)
    total = len(words)
    letters = Counter("".join(words))
    shares = {
        code: sum(counted[w] for w in stops) / total for code, stops in _STOP_SETS[script].items()
    }
    for code, telltale in _TELLTALE.get(script, {}).items():
        shares[code] += 3 * sum(letters[c] for c in telltale) / max(letters.total(), 1)
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    (best, first), (_, second) = ranked[0], ranked[1]
    if first < 0.05 or first < 1.2 * second:
        # A short or telegraphic text in a script with one main language is still that one's.
        return _SCRIPTS.get(script, UNDETERMINED)
    return best


def _script(letter: str) -> str:
    if letter < "\u0250":
        return "LATIN"
    return unicodedata.name(letter, "UNKNOWN").partition(" ")[0]
