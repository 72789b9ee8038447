use crate::text::{
    address::{Address, Layout, Piece},
    country_codes,
};

fn lines(address: &Address<'_>) -> Vec<String> {
    let text = |piece: &Piece<'_>| match *piece {
        Piece::Value(_, text) | Piece::Literal(text) => text.to_owned(),
    };
    let layout = Layout::of(address);
    layout
        .lines
        .iter()
        .map(|line| line.iter().map(text).collect())
        .collect()
}

fn address<'a>(country: &'a str, values: [&'a str; 5]) -> Address<'a> {
    let [organization, street, city, region, postal_code] = values;
    Address {
        organization,
        street,
        city,
        region,
        postal_code,
        country,
    }
}

#[test]
fn addresses_are_in_the_order_of_their_country() {
    for (country, values, expected) in [
        (
            "CH",
            ["Meier AG", "Hauptstrasse 1", "Zürich", "", "8002"],
            "Meier AG|Hauptstrasse 1|CH-8002 Zürich",
        ),
        (
            "DE",
            ["Meier", "Weg 1", "München", "Bayern", "80331"],
            "Meier|Weg 1|80331 München|Bayern",
        ),
        (
            "US",
            ["Carter", "1 Main St", "San Jose", "CA", "95014"],
            "Carter|1 Main St|San Jose, CA 95014",
        ),
        (
            "US",
            ["Carter", "1 Main St", "San Jose", "", "95014"],
            "Carter|1 Main St|San Jose 95014",
        ),
        (
            "TW",
            ["宏遠公司", "信義路五段7號", "信義區", "台北市", "110"],
            "110|台北市信義區|信義路五段7號|宏遠公司",
        ),
        (
            "TW",
            ["Hongyuan", "No. 7, Xinyi Rd.", "Taipei", "", "110"],
            "Hongyuan|No. 7, Xinyi Rd.|Taipei 110",
        ),
        (
            "JP",
            ["山田製作所", "丸の内1-1", "千代田区", "東京都", "100-0001"],
            "〒100-0001|東京都千代田区|丸の内1-1|山田製作所",
        ),
        (
            "JP",
            ["Yamada", "1-1 Marunouchi", "Chiyoda", "Tokyo", "100-0001"],
            "Yamada|1-1 Marunouchi, Chiyoda, Tokyo|100-0001",
        ),
        (
            "SG",
            ["Lim", "1 North Rd", "Singapore", "", "546080"],
            "Lim|1 North Rd|SINGAPORE 546080",
        ),
        (
            "LV",
            ["Ozols", "Iela 1", "Rīga", "", "LV-1050"],
            "Ozols|Iela 1|Rīga, LV-1050",
        ),
        (
            "HK",
            ["Chan", "1 Queen’s Rd", "Central", "", ""],
            "Chan|1 Queen’s Rd|Central",
        ),
    ] {
        assert_eq!(lines(&address(country, values)).join("|"), expected);
    }
}

/// Whatever the country, whatever is missing, in both scripts.
#[test]
fn each_value_is_shown_once() {
    let latin = ["Orga", "Stre", "Citi", "Regi", "Zipi"];
    let local = ["Orga", "路一", "市二", "州三", "Zipi"];
    for country in country_codes() {
        for (values, missing) in [latin, local]
            .into_iter()
            .flat_map(|values| (0..32).map(move |missing| (values, missing)))
        {
            let mut number = 0;
            let values = values.map(|value| {
                number += 1;
                if missing >> (number - 1) & 1 == 1 {
                    ""
                } else {
                    value
                }
            });
            let shown = lines(&address(country, values)).join("\n");
            for value in values.into_iter().filter(|value| !value.is_empty()) {
                assert_eq!(shown.matches(value).count(), 1, "{country}: {shown}");
            }
            assert!(
                !shown
                    .lines()
                    .any(|line| line.trim() != line || line.starts_with(',')),
                "{country}: {shown:?}"
            );
        }
    }
}
