//! Languages other than English, written with spaces.

use super::*;

#[test]
fn a_sentence_ends_before_a_space_and_a_closing_quotation_mark() {
    for space in [" ", "\u{a0}"] {
        let text = "Elle a déclaré hier : « C’est une catastrophe ! » Au premier janvier, tout le \
                    monde avait déjà réduit ses dépenses.";
        let text = text
            .replace(" !", &format!("{space}!"))
            .replace(" »", &format!("{space}»"));
        assert_cut(
            12,
            &text,
            &[
                &format!("Elle a déclaré hier :\n« C’est une catastrophe{space}!{space}»"),
                "Au premier janvier, tout le monde\navait déjà réduit ses dépenses.",
            ],
        );
    }
}

#[test]
fn a_german_quotation_ends_with_the_mark_that_opens_a_french_one() {
    assert_cut(
        10,
        "Dann fragte sie ihn leise: »Kommst du heute Abend noch?« Er sah sie lange an und schwieg \
         wie immer.",
        &[
            "Dann fragte sie ihn leise:\n»Kommst du heute Abend noch?«",
            "Er sah sie lange an und schwieg wie immer.",
        ],
    );
}
