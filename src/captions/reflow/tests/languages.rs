//! Languages other than English, written with spaces.

use super::*;

#[test]
fn sentence_ends_before_spaced_closing_quote() {
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
fn german_closing_quote_ends_a_sentence() {
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

#[test]
fn no_line_ends_with_a_foreign_article() {
    for (text, shown) in [
        (
            "Nous devons parler de ce qui est vraiment important, car il n’y a aucune raison de \
             penser que les choses vont changer.",
            [
                "Nous devons parler\nde ce qui est vraiment important,",
                "car il n’y a aucune raison de penser\nque les choses vont changer.",
            ],
        ),
        (
            "Das heißt, dass etwa 25 % der Mitarbeiter noch nie in Wien waren; der Rechtsschutz ist \
             eine wichtige Sache, die Menschen brauchen.",
            [
                "Das heißt, dass etwa 25 %\nder Mitarbeiter noch nie in Wien waren;",
                "der Rechtsschutz ist eine wichtige Sache,\ndie Menschen brauchen.",
            ],
        ),
        (
            "Il problema della città è che gli abitanti non hanno mai visto il mare, e la gente non \
             sa dove sono le barche.",
            [
                "Il problema della città è che gli abitanti\nnon hanno mai visto il mare,",
                "e la gente non sa dove sono le barche.",
            ],
        ),
        (
            "O problema da cidade é que os habitantes nunca viram o mar, e a gente não sabe onde \
             estão as barcas do porto.",
            [
                "O problema da cidade\né que os habitantes nunca viram o mar,",
                "e a gente não sabe\nonde estão as barcas do porto.",
            ],
        ),
    ] {
        assert_cut(12, text, &shown);
    }
}
