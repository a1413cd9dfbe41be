//! Dates of every culture, dates that are none, and years that are refused.

use super::*;

const SAMPLE: &str = "2024-03-28T00:15:08Z";

fn both(text: &str) -> (Option<String>, Option<String>) {
    let date = read_date(text).ok().flatten();
    let at = |order| date.and_then(|(date, _)| date.at(order)).map(|time| time.to_string());
    (at(DateOrder::DayFirst), at(DateOrder::MonthFirst))
}

#[test]
fn every_culture_prints_the_same_instant() {
    for text in [
        "2024-03-28T00:15:08Z",
        "2024-03-28T00:15:08",
        "2024-03-28T00:15:08.1234567Z",
        "2024-03-28T01:15:08+01:00",
        "2024-03-27T19:15:08-0500",
        "2024-03-28 00:15:08",
        "2024-03-28 12:15:08 a.m.",
        "2024/03/28 0:15:08",
        "2024. 03. 28. 0:15:08",
        "28.03.2024 00:15:08",
        "28.3.2024 0.15.08",
        "/Date(1711584908000)/",
        "/Date(1711584908999+0100)/",
    ] {
        assert!(matches!(read_date(text), Ok(Some((DateText::Exact(_), _)))), "{text}");
        assert_eq!(both(text).0.as_deref(), Some(SAMPLE), "{text}");
    }
    for text in ["28/03/2024 00:15:08", "28-03-2024 00:15:08", "28/03/2024 12:15:08 AM", "28/03/2024\n00:15:08"] {
        assert_eq!(both(text), (Some(SAMPLE.to_owned()), None), "{text}");
    }
    for text in ["3/28/2024 12:15:08 AM", "03/28/2024 00:15:08", "3/28/2024 12:15:08\u{202f}AM"] {
        assert_eq!(both(text), (None, Some(SAMPLE.to_owned())), "{text}");
    }
}

#[test]
fn small_numbers_leave_the_order_open() {
    let open = |text: &str| read_date(text).unwrap().unwrap().0;
    let date = open("04/05/2024 12:00:00 PM");
    assert!(date.is_open());
    assert_eq!(date.at(DateOrder::DayFirst).unwrap().to_string(), "2024-05-04T12:00:00Z");
    assert_eq!(date.at(DateOrder::MonthFirst).unwrap().to_string(), "2024-04-05T12:00:00Z");
    assert!(!open("05/05/2024").is_open() && !open("13/05/2024").is_open());
}

#[test]
fn orders_print_and_read_alike() {
    for order in [DateOrder::DayFirst, DateOrder::MonthFirst] {
        assert_eq!(order.to_string().parse(), Ok(order));
    }
    assert!("year-first".parse::<DateOrder>().is_err());
}

#[test]
fn rejects_what_is_no_date() {
    for text in [
        "soon",
        "31/31/2024",
        "30/02/2024",
        "2024-02-30",
        "03.28.2024",
        "28/03/19",
        "2026-09-09 7",
        "vor 28/03/2024",
        "28/03/2024 00:15:60",
        "28/03.2024",
        "28/03/2024 25:00:00",
        "28/03/2024 00:60:00",
        "28/03/2024 13:00:00 PM",
        "28/03/2024 00:15:08 Uhr",
        "28/03/1969",
        "28/03/3000",
        "2024-03-28T00:15:08+99:00",
        "2024-03-28T00:15:08+é",
        "/Date()/",
        "/Date(9223372036854775807)/",
        "é/é/é",
    ] {
        assert!(read_date(text).is_err(), "{text}");
    }
}

#[test]
fn halves_of_the_day_names_of_months_and_other_digits_are_read() {
    for text in [
        "2024/3/28 上午 12:15:08",
        "2024/3/28 凌晨 12:15:08",
        "2024-03-28 오전 12:15:08",
        "2024. 3. 28. 오전 12:15:08",
        "2024/03/28 午前 0:15:08",
        "2024年3月28日 0:15:08",
        "28.3.2024 г. 0:15:08 ч.",
        "28.3.2024 г. 12:15:08 пр.об.",
        "28.03.24 00:15:08",
        "Thu, 28 Mar 2024 00:15:08 GMT",
        "Thursday, March 28, 2024 12:15:08 AM",
        "Donnerstag, 28. März 2024 00:15:08",
        "28-Mar-24 00:15:08",
        "28 de marzo de 2024 00:15:08",
        "2024-03-28 00 h 15 min 08 s",
        "2024/3/28 오전 12:15:08",
    ] {
        assert_eq!(both(text), (Some(SAMPLE.to_owned()), Some(SAMPLE.to_owned())), "{text}");
    }
    for text in [
        "28/3/2024 12:15:08 π.μ.",
        "28/3/2024 12:15:08 πμ",
        "28/03/2024 12:15:08 SA",
        "28/03/2024 12:15:08 ص",
        "\u{200f}٢٨/٠٣/٢٠٢٤ ١٢:١٥:٠٨ ص",
        "28/03/2024 12:15:08 a. m.",
        "28/3/24 0:15:08",
    ] {
        assert_eq!(both(text), (Some(SAMPLE.to_owned()), None), "{text}");
    }
    let noon = Some("2024-03-28T12:15:08Z".to_owned());
    for text in
        ["28/3/2024 12:15:08 μ.μ.", "28.03.2024 12:15:08 сл.об.", "28/03/2024 12:15:08 CH", "28/03/2024 12:15:08 م"]
    {
        assert_eq!(both(text).0, noon, "{text}");
    }
    assert_eq!(both("2024/3/28 下午 12:15:08").0, noon);
}

#[test]
fn the_zero_of_a_clock_is_no_date() {
    for text in [
        "",
        "-",
        " ",
        "n/a",
        "null",
        "01/01/0001 00:00:00",
        "1/1/0001 12:00:00 AM",
        "0001-01-01T00:00:00",
        "01.01.0001 00:00:00",
        "/Date(-62135596800000)/",
        "/Date(-62135600400000)/",
        "31/12/9999 23:59:59",
        "9999-12-31T23:59:59.9999999",
    ] {
        assert_eq!(read_date(text), Ok(None), "{text}");
    }
}

#[test]
fn years_no_server_has_are_refused_by_name() {
    let fault = |text: &str| read_date(text).unwrap_err().fault;
    assert_eq!(fault("9/9/2569 0:15:08"), DateFault::Year(2569, Some(2026)));
    assert_eq!(fault("2569-09-09"), DateFault::Year(2569, Some(2026)));
    assert_eq!(fault("115/9/9 上午 12:15:08"), DateFault::Year(115, Some(2026)));
    assert_eq!(fault("27/03/1448 12:15:08 ص"), DateFault::Year(1448, None));
    assert_eq!(fault("2026-02-30"), DateFault::NoSuchDay);
    assert_eq!(fault("46274.01"), DateFault::Serial);
    let words = read_date("09/09/2569 0:15:08").unwrap_err().to_string();
    assert!(words.contains("2569, which is 2026 if it is of the Buddhist calendar"), "{words}");
    assert!(read_date("28/03/2206").unwrap_err().to_string().contains("the year 2206; expected 2007 to 2100"));
}

#[test]
fn the_zone_is_what_the_text_says() {
    let zone = |text: &str| read_date(text).unwrap().unwrap().1;
    for text in [
        "2024-03-28T00:15:08Z",
        "2024-03-28T00:15:08+01:00",
        "Thu, 28 Mar 2024 00:15:08 GMT",
        "28.03.2024 01:15:08 +01:00",
    ] {
        assert_eq!(zone(text), ZoneEvidence::Stated, "{text}");
    }
    assert_eq!(zone("/Date(1711584908000+0100)/"), ZoneEvidence::Epoch);
    for text in ["2024-03-28", "2024-03-28T00:15:08", "28/03/2024 00:15:08", "28-03-2024 00:15:08"] {
        assert_eq!(zone(text), ZoneEvidence::Unstated, "{text}");
    }
}
