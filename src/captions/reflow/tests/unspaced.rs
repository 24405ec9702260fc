//! Chinese, Japanese, Thai, and other scripts without spaces between words.

use super::*;

#[test]
fn scripts_without_spaces_break_between_words_or_characters() {
    assert_cut(
        12,
        "转录一个视频需要多长时间？这取决于视频的长度，也取决于服务器的负载。通常一个小时的视频需要\
         十分钟左右，但是有时候会更长一些，请耐心等待。",
        &[
            "转录一个视频需要多长时间？",
            "这取决于视频的长度，也取决于服务器的负载。",
            "通常一个小时的视频需要十分钟左右，",
            "但是有时候会更长一些，请耐心等待。",
        ],
    );
    assert_cut(
        7,
        "ภาษาไทยเป็นภาษาที่มีระดับเสียงของคำแน่นอนหรือวรรณยุกต์เช่นเดียวกับภาษาจีน",
        &["ภาษาไทยเป็นภาษาที่มีระดับเสียงของคำแน่นอน\nหรือวรรณยุกต์เช่นเดียวกับภาษาจีน"],
    );
    let family = "👩‍👩‍👧";
    let (line, rest) = (family.repeat(15), family.repeat(15));
    assert_cut(7, &family.repeat(30), &[&format!("{line}\n{rest}")]);
}

#[test]
fn reading_speed_counts_characters_not_columns() {
    let limits = |max_cps| ReflowLimits {
        max_cps,
        ..ReflowLimits::default()
    };
    // Six a second.
    let segment = [(0, 2000, "转录一个视频需要多长时间"), (2083, 3000, "好")];
    assert_within(&limits(6), &segment, &segment, 0);
    assert_within(&limits(5), &segment, &segment, 1);
}

#[test]
fn joined_unspaced_text_gets_no_space() {
    for (one, other, joined) in [
        ("你好。", "世界", "你好。世界"),
        ("「はい」", "と言った", "「はい」と言った"),
        ("“好。”", "他说", "“好。”他说"),
        ("สวัสดี", "ครับ", "สวัสดีครับ"),
        ("你好", "OK", "你好 OK"),
        ("안녕", "하세요", "안녕 하세요"),
    ] {
        let segments = [(0, 400, one), (400, 3000, other)];
        assert_reflowed(&segments, &[(0, 3000, joined)], 0);
    }
}

#[test]
fn line_break_in_unspaced_text_is_removed() {
    let text = "今天天气很好\n我们去公园\n吃饭 OK\nyes";
    assert_reflowed(
        &[(0, 4000, text)],
        &[(0, 4000, "今天天气很好我们去公园吃饭 OK yes")],
        0,
    );
}

#[test]
fn line_breaks_after_quotation_before_phrase() {
    assert_cut(
        6,
        "彼は静かに「今日はもう帰りましょう」と私に言って部屋を出た",
        &["彼は静かに「今日はもう帰りましょう」と\n私に言って部屋を出た"],
    );
}

#[test]
fn space_in_unspaced_text_ends_a_clause() {
    assert_cut(
        12,
        "อาหารไทยเป็นที่รู้จักไปทั่วโลก ซึ่งเป็นอาหารที่มีรสชาติเผ็ด เปรี้ยว หวาน และเค็ม ผสมผสานกันอย่างลงตัว",
        &[
            "อาหารไทยเป็นที่รู้จักไปทั่วโลก\nซึ่งเป็นอาหารที่มีรสชาติเผ็ด",
            "เปรี้ยว หวาน และเค็ม ผสมผสานกันอย่างลงตัว",
        ],
    );
    let limits = ReflowLimits {
        max_line_width: 32,
        ..ReflowLimits::default()
    };
    assert_within(
        &limits,
        &[(
            0,
            7000,
            "大家好欢迎来到我们的频道 今天我们要讲的是怎么做一道菜",
        )],
        &[
            (0, 3095, "大家好欢迎来到我们的频道"),
            (3178, 7000, "今天我们要讲的是怎么做一道菜"),
        ],
        0,
    );
}

#[test]
fn japanese_line_ends_with_a_phrase() {
    assert_cut(
        10,
        "今日は天気がとてもいいのでみんなで公園に行ってからレストランで美味しい料理を食べて帰ります",
        &[
            "今日は天気がとてもいいので\nみんなで公園に行ってから",
            "レストランで美味しい料理を食べて帰ります",
        ],
    );
}

#[test]
fn text_after_a_mark_and_a_no_break_space_is_not_moved_whole() {
    assert_cut(
        10,
        "你好，世界 !\u{a0}转录一个视频需要多长时间？这取决于视频的长度。",
        &[
            "你好，世界 !",
            "转录一个视频需要多长时间？",
            "这取决于视频的长度。",
        ],
    );
}

/// Asserts that the text of `broken`, in its language and within its limits, ends lines at `⏎` and cues at `▮`.
#[track_caller]
fn assert_broken(broken: &str) {
    let text = broken.replace(['⏎', '▮'], "");
    let language = Language::of([&text]);
    let milliseconds = 250 * i64::try_from(text.chars().count()).unwrap();
    let cue = Cue {
        start: Millis::ZERO,
        end: Millis::new(milliseconds),
        text: Cow::Borrowed(&text),
    };
    let cues = Reflow::new(std::iter::once(cue), &language.limits()).in_language(language);
    let texts: Vec<_> = cues.map(|cue| cue.text.replace('\n', "⏎")).collect();
    assert_eq!(texts.join("▮"), broken);
}

#[test]
fn japanese_clause_and_noun_with_its_attribute_stay_whole() {
    for broken in [
        "荷物が重かったので⏎駅からタクシーに乗った",
        "弟は去年庭に植えた⏎桜の木を見ていた",
        "この川で泳ぐことは⏎禁止されています",
        "長い間探していたか⏎そして見つけたかを話す",
    ] {
        assert_broken(broken);
    }
}

#[test]
fn chinese_line_starts_with_no_particle() {
    for broken in [
        "孩子们在河边捡到的⏎石头都放在窗台上",
        "我们在学校的礼堂里见到了⏎Marie Curie和她的孙女",
    ] {
        assert_broken(broken);
    }
}

#[test]
fn term_in_another_script_stays_whole() {
    for broken in [
        "เมื่อวานฉันอ่านหนังสือ⏎ของ Agatha Christie จบแล้ว",
        "値段は a, b, c の⏎順に高くなります",
    ] {
        assert_broken(broken);
    }
}

#[test]
fn thai_line_starts_with_a_function_word() {
    for broken in [
        "พี่สาวของฉันทำงานที่โรงพยาบาล⏎และกลับบ้านตอนเย็น",
        "คุณยายสอนให้ฉันเย็บผ้า⏎และทำอาหารเครื่องเทศทุกวันเสาร์",
        "ฉันเพิ่งซื้อiPhoneเครื่องใหม่⏎ที่ห้างใกล้บ้านเมื่อวาน",
    ] {
        assert_broken(broken);
    }
}

#[test]
fn dash_after_a_sentence_opens_a_turn() {
    assert_broken("もう寝ましたか。⏎- まだです。");
}

#[test]
fn long_phrase_breaks_where_its_script_changes() {
    let limits = ReflowLimits {
        max_line_width: 24,
        ..ReflowLimits::default()
    };
    let text = "暗証番号を記憶できるか試させてください。";
    let shown = "暗証番号を記憶できるか\n試させてください。";
    assert_within(&limits, &[(0, 5000, text)], &[(0, 5000, shown)], 0);
}
