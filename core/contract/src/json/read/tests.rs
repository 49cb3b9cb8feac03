use super::super::plain::plain_length;
use super::*;

fn ok(text: &str) -> Json {
    read(text.as_bytes(), &Limits::REQUEST).unwrap_or(Json::Str("unreadable".to_owned()))
}

#[test]
fn integers_keep_their_digits_and_floats_stay_floats() {
    assert_eq!(ok("9223372036854775807"), Json::Int(i64::MAX));
    assert_eq!(ok("9223372036854775808"), Json::Big("9223372036854775808".to_owned()));
    assert_eq!(ok("1.0"), Json::Float(1.0));
    assert_eq!(ok("-0"), Json::Int(0));
    assert_eq!(ok("1e400"), Json::Float(f64::INFINITY));
}

#[test]
fn the_last_value_of_a_repeated_name_wins_at_the_first_place() {
    assert_eq!(ok(r#"{"a":1,"b":2,"a":3}"#), crate::dict! {"a" => 3, "b" => 2});
    let many: String = (0..100).map(|number| format!("\"{}\":{number},", number % 50)).collect();
    let read = ok(&format!("{{{many}\"x\":0}}"));
    assert_eq!(read.as_dict().map(<[_]>::len), Some(51));
    assert_eq!((read.get("0"), read.get("49")), (Some(&Json::Int(50)), Some(&Json::Int(99))));
}

#[test]
fn what_is_not_json_is_refused() {
    for text in ["", "{", "[1,]", "01", "+1", "1.", ".5", "\"\u{1}\"", "nul", "{\"a\" 1}", "1 2", "\"\\ud800"]
    {
        assert!(matches!(read(text.as_bytes(), &Limits::REQUEST), Err(ReadError::Syntax(_))), "{text}");
    }
    assert_eq!(read(&[b'"', 0xff, b'"'], &Limits::REQUEST), Err(ReadError::Syntax(1)));
}

#[test]
fn a_value_is_passed_over_or_kept_as_it_is_written() {
    let text = r#" { "a" : [1, {"b":null}] , "c" : "\u00e9" , "d":1E2}"#;
    let mut reader = Reader::of_text(text, &Limits::STORED);
    let mut members = reader.dict().unwrap();
    let mut names = Vec::new();
    while let Some(name) = reader.member(&mut members).unwrap() {
        match &*name {
            "a" => assert_eq!(reader.text().unwrap().as_str(), r#"[1, {"b":null}]"#),
            "c" => assert_eq!(reader.string().unwrap(), "\u{e9}"),
            _ => reader.skip().unwrap(),
        }
        names.push(name);
    }
    assert_eq!((names.len(), reader.end()), (3, Ok(())));
}

#[test]
fn half_of_a_surrogate_pair_is_found_once_the_rest_is_read() {
    for text in [r#""\ud83d""#, r#""\ude00\ud83d""#, r#""\ud83d\u0041""#] {
        assert_eq!(read(text.as_bytes(), &Limits::REQUEST), Err(ReadError::Surrogate(7)), "{text}");
    }
    assert_eq!(ok(r#""\ud83d\ude00""#), Json::from("😀"));
}

#[test]
fn an_integer_that_python_does_not_convert_is_no_syntax_error() {
    let digits = "9".repeat(MAX_DIGITS + 1);
    assert_eq!(read(digits.as_bytes(), &Limits::REQUEST), Err(ReadError::Digits));
    assert!(read(format!("{digits}.0").as_bytes(), &Limits::REQUEST).is_ok());
}

#[test]
fn a_string_ends_at_its_first_special_byte_wherever_that_stands() {
    for special in (0..=0x1f).chain([b'"', b'\\']) {
        for at in 0..20 {
            for plain in [b' ', b'~', 0x7f, 0x80, 0xff] {
                let mut text = [plain; 24];
                text[at] = special;
                assert_eq!(plain_length(&text), at, "{special} after {plain}");
            }
        }
    }
    assert_eq!(plain_length(&[b'#'; 13]), 13);
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = "[".repeat(10_000);
    assert_eq!(read(deep.as_bytes(), &Limits::REQUEST), Err(ReadError::TooDeep));
    let long = format!("[{}0]", "0,".repeat(10_000));
    assert_eq!(read(long.as_bytes(), &Limits::REQUEST), Err(ReadError::TooLong));
}

#[test]
fn a_member_is_read_by_its_expected_name_or_by_any() {
    let mut reader = Reader::of(br#"{"a": 1, "b" : 2,"cd":3}"#, &Limits::STORED).unwrap();
    let mut members = reader.dict().unwrap();
    assert_eq!(reader.is_member(&mut members, "b"), Ok(false));
    assert_eq!(reader.is_member(&mut members, "a"), Ok(true));
    assert_eq!(reader.integer(), Ok(1));
    // white space before the colon is left to the other way
    assert_eq!(reader.is_member(&mut members, "b"), Ok(false));
    assert_eq!(reader.member(&mut members).unwrap().as_deref(), Some("b"));
    assert_eq!(reader.integer(), Ok(2));
    assert_eq!(reader.is_member(&mut members, "c"), Ok(false));
    assert_eq!(reader.is_member(&mut members, "cd"), Ok(true));
    assert_eq!(reader.integer(), Ok(3));
    assert_eq!(reader.is_member(&mut members, "e"), Ok(false));
    assert_eq!(reader.member(&mut members), Ok(None));
    assert_eq!(reader.end(), Ok(()));
}

#[test]
fn what_is_passed_over_ends_with_its_brackets_and_is_not_judged() {
    let passed = |text: &str| {
        let mut reader = Reader::of_text(text, &Limits::STORED);
        reader.pass().map(str::to_owned)
    };
    assert_eq!(passed(r#" [1, {"a]": "\"}"}] , 2"#), Ok(r#"[1, {"a]": "\"}"}]"#.to_owned()));
    assert_eq!(passed("[x}"), Ok("[x}".to_owned()));
    for text in ["", "1", "]", "[", "[\"", "[\"\\", "[\"\\é\"", "{\"a\": [}"] {
        assert!(passed(text).is_err(), "{text}");
    }
}
