//! Characters as JSON, URLs and HTML escape them, also escaped more than once (`%252B`, `&amp;quot;`,
//! `\u0026#43;`).

/// How often one character can be escaped over.
const MAX_NESTING: usize = 3;

/// Named character references of HTML for ASCII. Compared without case.
const NAMED: [(&str, char); 34] = [
    ("amp", '&'),
    ("apos", '\''),
    ("ast", '*'),
    ("bsol", '\\'),
    ("colon", ':'),
    ("comma", ','),
    ("commat", '@'),
    ("dollar", '$'),
    ("equals", '='),
    ("excl", '!'),
    ("grave", '`'),
    ("gt", '>'),
    ("hat", '^'),
    ("lbrace", '{'),
    ("lbrack", '['),
    ("lcub", '{'),
    ("lowbar", '_'),
    ("lpar", '('),
    ("lsqb", '['),
    ("lt", '<'),
    ("num", '#'),
    ("percnt", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("quest", '?'),
    ("quot", '"'),
    ("rbrace", '}'),
    ("rbrack", ']'),
    ("rcub", '}'),
    ("rpar", ')'),
    ("rsqb", ']'),
    ("semi", ';'),
    ("sol", '/'),
    ("vert", '|'),
];

/// Returns the characters that an escape at the start of `text` can stand for, with the length of the
/// escape in bytes: of `%252B`, `%` with 3 and `+` with 5.
pub(super) fn decode(text: &str) -> impl Iterator<Item = (char, usize)> {
    let first = text.chars().next().map(|first| (first, first.len_utf8()));
    let decoded = std::iter::successors(first, |&(introducer, length)| {
        let (decoded, more) = decode_after(introducer, &text[length..])?;
        Some((decoded, length + more))
    });
    decoded.skip(1).take(MAX_NESTING)
}

/// Decodes the rest of an escape.
fn decode_after(introducer: char, rest: &str) -> Option<(char, usize)> {
    match introducer {
        '%' => percent(rest),
        '\\' => backslash(rest),
        '&' => reference(rest),
        // As forms write it.
        '+' => Some((' ', 0)),
        _ => None,
    }
}

/// Percent-encoding, of all bytes of a character; the first `%` is read already.
fn percent(rest: &str) -> Option<(char, usize)> {
    let mut bytes = vec![u8::try_from(hex(rest, 2)?).ok()?];
    let mut length = 2;
    loop {
        if let Ok(decoded) = std::str::from_utf8(&bytes) {
            return Some((decoded.chars().next()?, length));
        }
        if bytes.len() == 4 {
            return None;
        }
        let next = rest.get(length..)?.strip_prefix('%')?;
        bytes.push(u8::try_from(hex(next, 2)?).ok()?);
        length += 3;
    }
}

/// The escapes of JSON, Python and JavaScript.
fn backslash(rest: &str) -> Option<(char, usize)> {
    let kind = rest.chars().next()?;
    match kind {
        'x' | 'X' => Some((char::from_u32(hex(&rest[1..], 2)?)?, 3)),
        'u' | 'U' => {
            let unit = hex(&rest[1..], 4)?;
            if let Some(decoded) = char::from_u32(unit) {
                return Some((decoded, 5));
            }
            let low = rest[5..].strip_prefix(['\\'])?.strip_prefix(['u', 'U'])?;
            let units = [unit, hex(low, 4)?].map(|unit| u16::try_from(unit).unwrap_or_default());
            let decoded = char::decode_utf16(units).next()?.ok()?;
            Some((decoded, 11))
        }
        _ if kind.is_ascii_punctuation() => Some((kind, 1)),
        _ => None,
    }
}

/// A character reference of HTML. The semicolon after a number can be missing.
fn reference(rest: &str) -> Option<(char, usize)> {
    let Some(number) = rest.strip_prefix('#') else {
        let end = rest.bytes().take(8).position(|byte| byte == b';')?;
        let (_, named) = NAMED
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(&rest[..end]))?;
        return Some((*named, end + 1));
    };
    let (digits, radix, start) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 2),
        None => (number, 10, 1),
    };
    let count = digits
        .bytes()
        .take_while(|byte| char::from(*byte).is_digit(radix))
        .count();
    let decoded = char::from_u32(u32::from_str_radix(&digits[..count], radix).ok()?)?;
    let semicolon = usize::from(digits[count..].starts_with(';'));
    Some((decoded, start + count + semicolon))
}

fn hex(text: &str, digits: usize) -> Option<u32> {
    let digits = text.get(..digits)?;
    // It would take a sign.
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_with_their_length() {
        for (text, expected) in [
            ("%2Bx", &[('+', 3), (' ', 3)][..]),
            ("%2b", &[('+', 3), (' ', 3)]),
            ("%252B", &[('%', 3), ('+', 5), (' ', 5)]),
            ("%C3%A9!", &[('é', 6)]),
            (r"\/", &[('/', 2)]),
            (r"\u003d", &[('=', 6)]),
            (r"\u003D=", &[('=', 6)]),
            (r"\ud83d\ude00", &[('😀', 12)]),
            (r"\x2d", &[('-', 4)]),
            (r"\\u003d", &[('\\', 2), ('=', 7)]),
            ("&quot;", &[('"', 6)]),
            ("&QUOT;", &[('"', 6)]),
            ("&#43;", &[('+', 5), (' ', 5)]),
            ("&#61", &[('=', 4)]),
            ("&#x2F;", &[('/', 6)]),
            ("&#X0002f;", &[('/', 9)]),
            ("&amp;quot;", &[('&', 5), ('"', 10)]),
            (r"\u0026#61;", &[('&', 6), ('=', 10)]),
        ] {
            assert_eq!(decode(text).collect::<Vec<_>>(), expected, "{text}");
        }
        for text in [
            "",
            "a",
            "%",
            "%2",
            "%+1",
            "%2é",
            "%C3",
            "%ff%ff%ff%ff",
            "\\",
            r"\n",
            r"\u00",
            r"\ud83d",
            r"\ud83d\u0041",
            r"\xé",
            "&",
            "&;",
            "&#;",
            "&#x;",
            "&#xffffffffff;",
            "&what;",
            "é",
        ] {
            assert_eq!(decode(text).count(), 0, "{text}");
        }
    }
}
