use crate::text::{
    address::{Address, Layout, Part, Piece, order},
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
            "CH",
            ["Meier AG", "Hauptstrasse 1", "Zürich", "ZH", "8002"],
            "Meier AG|Hauptstrasse 1|CH-8002 Zürich",
        ),
        (
            "CN",
            ["宏远公司", "南京西路1266号", "静安区", "上海市", "200040"],
            "200040 上海市静安区|南京西路1266号|宏远公司",
        ),
        (
            "DE",
            ["Meier", "Weg 1", "München", "Bayern", "80331"],
            "Meier|Weg 1|80331 München",
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
            "110 台北市信義區|信義路五段7號|宏遠公司",
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

/// A value is in the address, or is among those that the country does not print.
#[test]
fn what_a_country_does_not_print_is_kept_apart() {
    for (country, expected) in [
        ("CH", vec![(Part::Region, "ZH")]),
        ("GB", vec![(Part::Region, "ZH")]),
        ("US", vec![]),
        ("HK", vec![(Part::PostalCode, "8002")]),
    ] {
        let address = address(country, ["Meier AG", "Weg 1", "Zürich", "ZH", "8002"]);
        assert_eq!(Layout::of(&address).unprinted, expected, "{country}");
        assert!(
            expected
                .iter()
                .all(|(_, value)| !lines(&address).concat().contains(value))
        );
    }
}

#[test]
fn fields_are_in_the_order_of_the_country() {
    use Part::{City, PostalCode, Region, Street};
    for (country, expected) in [
        ("US", [Street, City, Region, PostalCode]),
        ("GB", [Street, City, Region, PostalCode]),
        ("CH", [Street, PostalCode, City, Region]),
        ("DE", [Street, PostalCode, City, Region]),
        ("JP", [Street, City, Region, PostalCode]),
        ("HU", [City, Region, Street, PostalCode]),
        ("HK", [Street, City, Region, PostalCode]),
        ("", [Street, City, Region, PostalCode]),
    ] {
        assert_eq!(order(country), expected, "{country}");
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
            let address = address(country, values);
            let shown = lines(&address).join("\n");
            let unprinted = Layout::of(&address).unprinted;
            let values = values
                .into_iter()
                .filter(|value| unprinted.iter().all(|(_, other)| other != value));
            for value in values.filter(|value| !value.is_empty()) {
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
