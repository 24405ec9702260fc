//! Prose at the speed at which people talk: where its lines and cues end.

use super::*;

/// Returns the cues of `text`, spoken at so many characters a second, with so many columns and lines.
fn lines_of(text: &str, speed: usize, width: usize, lines: usize) -> Vec<String> {
    let limits = ReflowLimits {
        max_line_width: width,
        max_lines: lines,
        ..ReflowLimits::default()
    };
    let millis = text.len() * 1000 / speed;
    let cue = Cue {
        start: Millis::ZERO,
        end: Millis::new(i64::try_from(millis).unwrap()),
        text: Cow::Borrowed(text),
    };
    Reflow::new(std::iter::once(cue), &limits)
        .flat_map(|cue| {
            let lines: Vec<_> = cue.text.lines().map(str::to_owned).collect();
            lines
        })
        .collect()
}

/// The text as speech recognition without punctuation gives it.
fn bare(text: &str) -> String {
    let is_said = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '\'');
    text.to_lowercase().chars().filter(is_said).collect()
}

/// A possessive that is none has this after it: "I told her that".
const NOT_A_NOUN: [&str; 2] = ["that", "in"];

#[test]
fn no_line_ends_with_an_article_or_a_possessive() {
    let starters = [
        "a", "an", "the", "my", "your", "his", "her", "its", "our", "their", "no",
    ];
    let mut count = 0;
    for text in PROSE {
        for text in [text.to_owned(), bare(text)] {
            for (speed, width, lines) in [
                (12, 42, 2),
                (15, 42, 2),
                (17, 42, 2),
                (15, 32, 2),
                (15, 42, 1),
                (15, 37, 3),
            ] {
                let shown = lines_of(&text, speed, width, lines);
                for pair in shown.windows(2) {
                    let last = pair[0].split(' ').next_back().unwrap().to_lowercase();
                    let next = pair[1].split(' ').next().unwrap();
                    assert!(
                        !starters.contains(&&*last) || NOT_A_NOUN.contains(&next),
                        "{pair:?}"
                    );
                    count += 1;
                }
            }
        }
    }
    assert!(count > 1000, "{count} line ends");
}

#[test]
fn clause_stays_whole_though_a_line_ends_with_a_preposition() {
    let text = "Every spring the farmers rescued all of the shipwrecked sailors of the islands, \
        and then they went home together before it was dark.";
    assert_eq!(
        lines_of(text, 15, 42, 2),
        [
            "Every spring the farmers rescued all of",
            "the shipwrecked sailors of the islands,",
            "and then they went home together",
            "before it was dark.",
        ]
    );
}

#[test]
fn split_avoids_lines_that_end_with_an_article() {
    assert_cut(
        14,
        "I think the most important thing that I learned during the time I spent at the university \
         was that you should never give up on the things you love in your life",
        &[
            "I think the most important thing",
            "that I learned during the time\nI spent at the university",
            "was that you should never give up\non the things you love in your life",
        ],
    );
    assert_cut(
        12,
        "My brother and I used to play in the garden behind the house after school, and our mother \
         would call us in for dinner before the sun went down",
        &[
            "My brother and I used to play",
            "in the garden behind the house\nafter school,",
            "and our mother would call us\nin for dinner before the sun went down",
        ],
    );
}

const PROSE: [&str; 10] = [
    "I think the most important thing that I learned during the time I spent at the \
     university was that you should never give up on the things you love in your life, no \
     matter what the people around you say about the chances of success. My teachers told me \
     the same thing every year, and it took me a decade to understand what they meant by it.",
    "My brother and I used to play in the garden behind the house after school, and our \
     mother would call us in for dinner before the sun went down. The fence along the lane \
     had a gap in it, so the neighbour's dog would come over to join the game, and nobody \
     minded the mess that it made of the flower beds.",
    "So I went to the store and I bought some milk and then I came back home and I realized \
     that I had forgotten the eggs so I had to go back to the store again and buy the eggs \
     and by the time that I got home it was already dark and my wife was asking me where I \
     had been all this time and I told her that I had been to the store twice because I \
     forgot the eggs.",
    "The report, which was published on Tuesday, says that the average temperature of the \
     oceans rose by a tenth of a degree in the last five years. Scientists at the institute \
     believe that the change is a result of the burning of oil and gas, and that the effects \
     on the fish that live near the coast will be felt for a generation.",
    "When the train finally arrived at the station, an old man with a green suitcase stepped \
     onto the platform and looked around as if he were searching for someone in the crowd. \
     His daughter had promised to meet him under the clock, but the clock had been taken down \
     in the spring, and the wall behind it was painted a bright shade of yellow.",
    "Today we are going to talk about the three ways in which you can improve the performance \
     of your database without buying a larger machine. The first is to look at the queries \
     that your application sends, the second is to add an index on the columns that you use \
     in a filter, and the third is to keep the results of the most expensive queries in a \
     cache.",
    "A woman in a red coat walks across the square, stops in front of the window of a bakery, \
     and looks at the cakes on the upper shelf. Behind her, a boy on a bicycle rides through \
     a puddle and splashes the trousers of a man who is reading a newspaper on a bench. The \
     man shakes his fist, and the boy laughs and disappears around the corner of the church.",
    "If you have ever tried to bake a loaf of bread in an ordinary oven, you know that the \
     crust is the hardest part to get right. The trick is to put a tray of hot water on the \
     bottom of the oven, to close the door as quickly as you can, and to resist the urge to \
     open it again before the end of the first twenty minutes.",
    "During the war the building served as a hospital, and after the war it became a school \
     for the children of the workers who had lost their homes in the bombing. The city sold \
     the land to a developer in the nineties, but the developer ran out of money before the \
     first wall of the new tower was finished, and the site has been empty ever since.",
    "We asked the minister whether the government had any plans to change the law on the sale \
     of alcohol to young people, and she said that the cabinet would discuss the matter at \
     its next meeting. The opposition called the answer an attempt to hide the truth from the \
     voters, and its leader demanded that the minister publish the letters that she had sent \
     to the industry.",
];

#[test]
fn names_dates_and_numbers_stay_together() {
    let limits = ReflowLimits {
        max_line_width: 30,
        ..ReflowLimits::default()
    };
    let text = "The President flew to the base in Air Force No. 1 on Jan. 5, 2024 with J. R. R. Smith and \
                Sir Arthur Conan Doyle, and met the prime minister of the EE. UU. on the 4th of July.";
    let cue = Cue {
        start: Millis::ZERO,
        end: Millis::new(13_000),
        text: Cow::Borrowed(text),
    };
    let cues: Vec<_> = Reflow::new(std::iter::once(cue), &limits)
        .map(|cue| cue.text)
        .collect();
    let shown = cues.join("\n");
    for whole in [
        "No. 1",
        "Jan. 5, 2024",
        "J. R. R. Smith",
        "Sir Arthur",
        "EE. UU.",
        "4th of July",
    ] {
        assert!(shown.contains(whole), "{whole}: {shown}");
    }
}

#[test]
fn turns_of_dialogue_never_share_a_line() {
    assert_cut(
        3,
        "Can you hear it? - Not yet.",
        &["Can you hear it?\n- Not yet."],
    );
    assert_cut(
        9,
        "- Where were you all this time? - I was at the store, twice. - Twice? – Yes, I forgot the eggs.",
        &[
            "- Where were you all this time?\n- I was at the store, twice.",
            "- Twice?\n– Yes, I forgot the eggs.",
        ],
    );
    assert_cut(
        8,
        "I have been waiting for you in front of the house for an hour. - I am sorry, the train was late.",
        &[
            "I have been waiting\nfor you in front of the house for an hour.",
            "- I am sorry, the train was late.",
        ],
    );
}

#[test]
fn turn_may_follow_abbreviation_number_or_dash() {
    for (text, shown) in [
        (
            "- Around 2 a.m. - I don't believe it.",
            &["- Around 2 a.m.\n- I don't believe it."][..],
        ),
        (
            "- I live in the U.S. - So do I.",
            &["- I live in the U.S.\n- So do I."],
        ),
        (
            "- How old are you? - I'm 12. - Me too.",
            &["- How old are you?", "- I'm 12.\n- Me too."],
        ),
        (
            "- I thought that— - You thought what?",
            &["- I thought that—\n- You thought what?"],
        ),
        ("- Are you coming? - no.", &["- Are you coming?\n- no."]),
        ("— Правда? — спросил он", &["— Правда? — спросил он"]),
    ] {
        assert_cut(3, text, shown);
    }
}

#[test]
fn number_may_end_a_sentence() {
    assert_cut(
        14,
        "See Fig. 3 and Table No. 5 on p. 12. It was Mr. and Mrs. St. John who first noticed the \
         error in the text.",
        &[
            "See Fig. 3 and Table No. 5 on p. 12.",
            "It was Mr. and Mrs. St. John",
            "who first noticed the error in the text.",
        ],
    );
}

#[test]
fn cue_does_not_end_with_the_first_words_of_a_clause() {
    assert_cut(
        7,
        "Nobody knew the answer, although everyone in the room had read the book twice over the \
         winter",
        &[
            "Nobody knew the answer,\nalthough everyone in the room",
            "had read the book twice over the winter",
        ],
    );
}

#[test]
fn line_may_break_after_unspaced_dash() {
    assert_cut(
        10,
        "We need to know what is really important—the supply chain that feeds us, or a new car—the \
         old one was sold.",
        &[
            "We need to know what is really important—",
            "the supply chain\nthat feeds us, or a new car—",
            "the old one was sold.",
        ],
    );
    assert_cut(
        7,
        "What they remember of the time 1939—1945 is not much now",
        &["What they remember of the time 1939—1945\nis not much now"],
    );
}

#[test]
fn numbers_stay_with_units_and_initials_with_names() {
    assert_cut(
        7,
        "Their company earned $2.7 million selling shoes",
        &["Their company earned\n$2.7 million selling shoes"],
    );
    assert_cut(
        7,
        "Last spring Professor Maria J. Gonzalez won several prizes",
        &["Last spring Professor Maria J. Gonzalez\nwon several prizes"],
    );
}
