//! The keyword `format`: what it says of texts and numbers (JSON Schema draft-07, section 7.3, and the formats of
//! `OpenAPI`). Formats that are not known say nothing.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::pattern::is_pattern;

/// What a format has against a text.
pub(super) fn text_fault(format: &str, text: &str) -> Option<&'static str> {
    let (holds, wanted) = match format {
        "date" => (is_date(text), "a date such as 2026-05-17"),
        "time" => (is_time(text), "a time with its offset such as 09:30:00Z"),
        "date-time" => (is_date_time(text), "a date and time with its offset such as 2026-05-17T09:30:00Z"),
        "email" => (is_email(text), "an e-mail address"),
        "uuid" => (is_uuid(text), "a UUID such as 6d1f8b52-1c3a-4e57-9a0b-2f4c8d7e6a10"),
        "uri" => (is_uri(text), "a URI with its scheme such as https://shop.example/orders"),
        "uri-reference" => (is_uri_text(text), "a URI or a part of one, without blanks and quotes"),
        "ipv4" => (text.parse::<Ipv4Addr>().is_ok(), "an IPv4 address such as 192.0.2.1"),
        "ipv6" => (text.parse::<Ipv6Addr>().is_ok(), "an IPv6 address such as 2001:db8::1"),
        "regex" => (is_pattern(text), "a regular expression"),
        "json-pointer" => (is_pointer(text), "a JSON pointer such as /orders/0"),
        _ => return None,
    };
    (!holds).then_some(wanted)
}

/// What a format has against a whole number.
pub(super) fn number_fault(format: &str, number: f64) -> Option<&'static str> {
    match format {
        "int32" if number < f64::from(i32::MIN) || number > f64::from(i32::MAX) => {
            Some("within -2147483648 and 2147483647, the range of 32 bits")
        }
        // The next number that can be told from 2^63 - 1 is 2^63.
        "int64" if !(-9_223_372_036_854_775_808.0..=9_223_372_036_854_775_808.0).contains(&number) => {
            Some("within the range of 64 bits")
        }
        _ => None,
    }
}

/// RFC 3339, `full-date`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// RFC 3339, `full-time`.
fn is_time(text: &str) -> bool {
    let (time, offset) = match text.find(['Z', 'z', '+', '-']) {
        Some(at) => text.split_at(at),
        None => return false,
    };
    let clock = time.split_once('.').map_or((time, None), |it| (it.0, Some(it.1)));
    let parts: Vec<Option<u32>> = clock.0.split(':').map(|it| digits(it, 2)).collect();
    let [Some(hours), Some(minutes), Some(seconds)] = parts.as_slice() else { return false };
    let is_fraction = clock.1.is_none_or(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()));
    let is_offset = matches!(offset, "Z" | "z") || {
        let parts: Vec<Option<u32>> = offset.get(1..).unwrap_or_default().split(':').map(|it| digits(it, 2)).collect();
        matches!(parts.as_slice(), [Some(0..=23), Some(0..=59)])
    };
    // A leap second is the sixtieth.
    *hours < 24 && *minutes < 60 && *seconds <= 60 && is_fraction && is_offset
}

/// RFC 3339, `date-time`; a blank may stand for the `T`.
fn is_date_time(text: &str) -> bool {
    text.split_once(['T', 't', ' ']).is_some_and(|(date, time)| is_date(date) && is_time(time))
}

fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|it| it.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Whether a text can be an address of mail: something, `@`, and the name of a host. What mail servers take beyond that
/// is theirs.
fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let is_quoted = local.starts_with('"') && local.ends_with('"') && local.len() > 1;
    let is_local =
        is_quoted || !local.is_empty() && !local.contains(|it: char| it.is_whitespace() || "@,;<>".contains(it));
    let is_label = |it: &str| !it.is_empty() && it.chars().all(|it| it.is_alphanumeric() || it == '-');
    is_local && (host.starts_with('[') && host.ends_with(']') || host.split('.').all(is_label))
}

/// RFC 9562, with the prefix that URNs have.
fn is_uuid(text: &str) -> bool {
    let text = text.strip_prefix("urn:uuid:").unwrap_or(text);
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|it| it.len()).collect();
    lengths == [8, 4, 4, 4, 12] && parts.iter().all(|it| it.bytes().all(|it| it.is_ascii_hexdigit()))
}

/// RFC 3986, section 3: a scheme, and characters that may stand in a URI.
fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').map_or("", |it| it.0);
    let is_scheme = scheme.starts_with(|it: char| it.is_ascii_alphabetic())
        && scheme.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.'));
    is_scheme && is_uri_text(text)
}

/// Characters beyond ASCII are those of IRIs, which people write everywhere.
fn is_uri_text(text: &str) -> bool {
    !text.contains(|it: char| it.is_whitespace() || it.is_control() || "\"<>\\^`{|}".contains(it))
}

/// RFC 6901.
fn is_pointer(text: &str) -> bool {
    (text.is_empty() || text.starts_with('/')) && text.split('~').skip(1).all(|it| it.starts_with(['0', '1']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_each_format() {
        for (format, right, wrong) in [
            (
                "date",
                &["2024-02-29", "2000-02-29", "0001-01-01"][..],
                &["2023-02-29", "1900-02-29", "24-1-1", "2024-13-01", "2024-04-31", "17.05.2026", ""][..],
            ),
            (
                "time",
                &["09:30:00Z", "23:59:60Z", "09:30:00.123+02:00", "09:30:00-23:59"],
                &["09:30", "09:30:00", "24:00:00Z", "9:30:00Z", "09:30:00+2", "09:30:00.Z", "09:30:00+24:00"],
            ),
            (
                "date-time",
                &["2026-05-17T09:30:00Z", "2026-05-17t09:30:00z", "2026-05-17 09:30:00+02:00"],
                &["2026-05-17", "2026-05-17T09:30:00", "yesterday", "2026-05-17TT09:30:00Z", "1747474200"],
            ),
            (
                "email",
                &["a@shop.example", "a.b+c@x", "\"a b\"@shop.example", "ü@größe.example", "a@[192.0.2.1]"],
                &["a", "@shop.example", "a@", "a b@shop.example", "a@b@c..d", "A <a@shop.example>"],
            ),
            (
                "uuid",
                &["6d1f8b52-1c3a-4e57-9a0b-2f4c8d7e6a10", "urn:uuid:6D1F8B52-1C3A-4E57-9A0B-2F4C8D7E6A10"],
                &["6d1f8b52", "6d1f8b52-1c3a-4e57-9a0b-2f4c8d7e6a1g", "6d1f8b521c3a4e579a0b2f4c8d7e6a10"],
            ),
            (
                "uri",
                &["https://shop.example/a?b=c#d", "urn:shop:order", "mailto:a@shop.example", "x:ä"],
                &["orders/1", "/orders", "https://shop.example/a b", "1x:a", ""],
            ),
            ("uri-reference", &["orders/1", "", "#a"], &["a b", "{id}"]),
            ("ipv4", &["192.0.2.1"], &["192.0.2", "192.0.2.256", "::1"]),
            ("ipv6", &["::1", "2001:db8::1"], &["192.0.2.1", "2001:db8"]),
            ("regex", &["^a+$"], &["(a"]),
            ("json-pointer", &["", "/a~1b/0"], &["a/b", "/a~2"]),
            ("x-shop", &["anything"], &[]),
        ] {
            for text in right {
                assert_eq!(text_fault(format, text), None, "{format} {text}");
            }
            for text in wrong {
                assert!(text_fault(format, text).is_some(), "{format} {text}");
            }
        }
    }

    #[test]
    fn numbers_have_their_range() {
        assert!(number_fault("int32", 2_147_483_647.0).is_none() && number_fault("int32", -2_147_483_649.0).is_some());
        assert!(number_fault("int64", 9_223_372_036_854_775_807.0).is_none() && number_fault("int64", 1e19).is_some());
        assert!(number_fault("double", 1e300).is_none());
    }
}
