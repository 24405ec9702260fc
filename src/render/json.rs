//! The JSON as received with other white space: indented, or on one line. It is not parsed again, so
//! every field, number, escape, repeated key and the order of keys survive.

use std::io::{self, Write};

/// The white space between the tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonLayout {
    /// One member or element per line, two spaces per level.
    Indented,
    /// No white space.
    OneLine,
}

/// Maximum indentation, in levels: keeps the output linear in the input.
const MAX_INDENT: usize = 128;

/// Writes `json`, which is well-formed, and a line feed. With `escape`, DEL and the C1 control
/// characters in strings are written as `\u00XX`: JSON allows them verbatim, but a terminal
/// would act on them.
pub(super) fn write(
    json: &str,
    layout: JsonLayout,
    escape: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let indented = layout == JsonLayout::Indented;
    let mut depth = 0_usize;
    let mut rest = json.trim_ascii();
    while let Some(&first) = rest.as_bytes().first() {
        let (token, after) = rest.split_at(token_length(rest.as_bytes()));
        rest = after.trim_ascii_start();
        if matches!(first, b'}' | b']') {
            depth = depth.saturating_sub(1);
            if indented {
                new_line(depth, out)?;
            }
        }
        if escape && first == b'"' {
            write_escaped(token, out)?;
        } else {
            out.write_all(token.as_bytes())?;
        }
        match first {
            b'{' | b'[' => {
                if let Some(close @ (b'}' | b']')) = rest.as_bytes().first() {
                    out.write_all(&[*close])?;
                    rest = rest[1..].trim_ascii_start();
                    continue;
                }
                depth += 1;
                if indented {
                    new_line(depth, out)?;
                }
            }
            b',' if indented => new_line(depth, out)?,
            b':' if indented => out.write_all(b" ")?,
            _ => {}
        }
    }
    out.write_all(b"\n")
}

/// Returns the length of the token at the start of `json`.
fn token_length(json: &[u8]) -> usize {
    match json[0] {
        b'"' => {
            let mut at = 1;
            while let Some(byte) = json.get(at) {
                at += match byte {
                    b'"' => return at + 1,
                    b'\\' => 2,
                    _ => 1,
                };
            }
            json.len()
        }
        b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
        _ => json
            .iter()
            .position(|byte| {
                matches!(
                    byte,
                    b'}' | b']' | b',' | b':' | b' ' | b'\t' | b'\n' | b'\r'
                )
            })
            .unwrap_or(json.len()),
    }
}

fn new_line(depth: usize, out: &mut dyn Write) -> io::Result<()> {
    const SPACES: [u8; 1 + 2 * MAX_INDENT] = {
        let mut spaces = [b' '; 1 + 2 * MAX_INDENT];
        spaces[0] = b'\n';
        spaces
    };
    out.write_all(&SPACES[..=2 * depth.min(MAX_INDENT)])
}

fn write_escaped(string: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut written = 0;
    for (at, c) in string.char_indices().filter(|(_, c)| c.is_control()) {
        out.write_all(&string.as_bytes()[written..at])?;
        write!(out, "\\u{:04x}", u32::from(c))?;
        written = at + c.len_utf8();
    }
    out.write_all(&string.as_bytes()[written..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(json: &str, layout: JsonLayout, escape: bool) -> String {
        let mut out = Vec::new();
        write(json, layout, escape, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    const AWKWARD: &str = "\r\n{ \"b\\\"\\\\\" :1.50e+3,\"a\":[ ],\"a\" : { \t},\n\"c\":[1 ,[true],{\"x y\":\"[{, :\\u0041\"}]}  ";

    #[test]
    fn indented_json_keeps_all_text() {
        assert_eq!(
            written(AWKWARD, JsonLayout::Indented, false),
            r#"{
  "b\"\\": 1.50e+3,
  "a": [],
  "a": {},
  "c": [
    1,
    [
      true
    ],
    {
      "x y": "[{, :\u0041"
    }
  ]
}
"#
        );
    }

    #[test]
    fn single_line_has_no_white_space_outside_strings() {
        assert_eq!(
            written(AWKWARD, JsonLayout::OneLine, false),
            r#"{"b\"\\":1.50e+3,"a":[],"a":{},"c":[1,[true],{"x y":"[{, :\u0041"}]}"#.to_owned()
                + "\n"
        );
        assert_eq!(written(" null ", JsonLayout::OneLine, false), "null\n");
        assert_eq!(written("[]", JsonLayout::Indented, false), "[]\n");
    }

    #[test]
    fn control_characters_are_escaped_for_terminals_only() {
        let json = "[\"a\u{7f}\u{9b}2Jé\u{a0}\u{85}\"]";
        assert_eq!(
            written(json, JsonLayout::OneLine, false),
            format!("{json}\n")
        );
        assert_eq!(
            written(json, JsonLayout::OneLine, true),
            "[\"a\\u007f\\u009b2Jé\u{a0}\\u0085\"]\n"
        );
    }

    #[test]
    fn deep_nesting_stays_linear() {
        let json = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(
            written(&json, JsonLayout::OneLine, false).len(),
            json.len() + 1
        );
        assert!(
            written(&json, JsonLayout::Indented, false).len() < json.len() * 2 * (MAX_INDENT + 1)
        );
    }
}
