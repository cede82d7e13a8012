use super::*;
use crate::{escape::Unwritable, format::Format};

/// A mail with these headers and this body, its lines ended as mail ends them.
fn mail(headers: &str, body: &str) -> String {
    format!("From: a@x.example\nMIME-Version: 1.0\n{headers}\n\n{body}").replace('\n', "\r\n")
}

fn document(mail: &[u8]) -> Document {
    Document::read(mail, Format::Mail).expect("a mail")
}

fn prose(document: &Document) -> Vec<&str> {
    document.segments.iter().map(|it| it.text(&document.text)).collect()
}

/// The prose of a mail, white space folded.
#[track_caller]
fn check(mail: impl AsRef<[u8]>, expected: &[&str]) {
    let document = document(mail.as_ref());
    let found: Vec<String> = prose(&document).into_iter().map(one_line).collect();
    assert_eq!(found, expected);
}

#[track_caller]
fn check_error(mail: &str, offset: usize, words: &str) {
    let error = Document::read(mail.as_bytes(), Format::Mail).expect_err("no mail");
    assert_eq!(error.offset, Some(offset), "{error}");
    assert!(error.message.contains(words), "{error}");
}

/// The bytes of the file that words of the prose stand in.
#[track_caller]
fn source<'a>(mail: &'a [u8], words: &str) -> &'a [u8] {
    let document = document(mail);
    let find = |it: &Segment| {
        let start = it.text(&document.text).find(words)?;
        Some(document.file_span(it.to_source(Span::new(start, start + words.len()))))
    };
    let span = document.segments.iter().find_map(find).expect("it is there");
    &mail[span.range()]
}

#[track_caller]
fn check_source(mail: impl AsRef<[u8]>, words: &str, expected: &[u8]) {
    let found = source(mail.as_ref(), words);
    assert_eq!(found, expected, "{}", String::from_utf8_lossy(found));
}

#[test]
fn subject_and_text_are_prose() {
    check(mail("Subject: Your parcel", "Hi Ana,\n\n> theirs\n\nIt left."), &["Your parcel", "Hi Ana,", "It left."]);
    check(mail("Subject: Re: lost!", "Hi"), &["Hi"]);
    check(mail("Subject: [shop #7] RE[2] : lost", "Hi"), &["Hi"]);
    check(mail("Subject: Re-shipment: today", "Hi"), &["Re-shipment: today", "Hi"]);
    check("\u{feff}From x Mon Jan 5\nTo: b\n\nHi", &["Hi"]);
    check("To: b\n", &[]);
}

#[test]
fn subjects_are_decoded() {
    check(
        mail("Subject: =?UTF-8?Q?D=C3=A9sol=C3=A9e_pour?=\n =?utf-8?B?IGwnYXR0ZW50ZQ==?= !", "a"),
        &["Désolée pour l'attente !", "a"],
    );
    check(mail("Subject: =?iso-8859-1?Q?d=E9j=E0?= =?utf-8*fr?q?_vu?=", "a"), &["déjà vu", "a"]);
    check(mail("Subject: a =?no-such?Q?b?= =?utf-8?x?c?= =? d", "a"), &["a =?no-such?Q?b?= =?utf-8?x?c?= =? d", "a"]);
    // A character that two words share.
    check(mail("Subject: =?utf-8?Q?=C3?= =?utf-8?Q?=A9t=C3=A9?=", "a"), &["été", "a"]);
    check_source(mail("Subject: =?UTF-8?Q?D=C3=A9sol=C3=A9e_pour?=", "a"), "Désolée", b"D=C3=A9sol=C3=A9e");
    check_source(mail("Subject: =?UTF-8?B?RMOpc29sw6llIHBvdXI=?=", "a"), "solée", b"c29sw6ll");
}

const ALTERNATIVES: &str = "This is a multi-part message.\n--b\nContent-Type: text/plain; charset=utf-8\n\nHi Ana\n--b\n\
                            Content-Type: text/html\n\n<p>Hi <b>Ana</b></p>\n--b--\nAn epilogue.";

#[test]
fn each_part_that_is_seen_is_prose() {
    check(mail("Content-Type: multipart/alternative; boundary=b", ALTERNATIVES), &["Hi Ana", "Hi Ana"]);
    let nested =
        format!("--m\nContent-Type: multipart/alternative;\n boundary=\"b\"\n\n{ALTERNATIVES}\n--m\n\nBye\n--m--");
    check(mail("Content-Type: multipart/mixed; boundary=\"m\"", &nested), &["Hi Ana", "Hi Ana", "Bye"]);
    check(mail("Content-Type: multipart/mixed; boundary=m", "--m\n\nHi, this was cut"), &["Hi, this was cut"]);
    check(
        mail("Content-Type: multipart/mixed; boundary=m", "--mm\n\na\n--m\n\nb --m\n--mx\n--m  \n\nc\n--m--"),
        &["b --m --mx", "c"],
    );
}

#[test]
fn attachments_and_forwarded_mails_are_not_ours() {
    for headers in [
        "Content-Disposition: attachment",
        "Content-Type: text/plain; name=\"log.txt\"",
        "Content-Disposition: inline; filename*=utf-8''a%20b.txt",
        "Content-Type: message/rfc822",
        "Content-Type: text/calendar",
        "Content-Type: image/png\nContent-Transfer-Encoding: base64",
        "Content-Type: multipart/report; boundary=x",
    ] {
        let body = format!("--m\n\nHi\n--m\n{headers}\n\nTheirs\n--m--");
        check(mail("Content-Type: multipart/mixed; boundary=m", &body), &["Hi"]);
    }
}

#[test]
fn what_is_quoted_or_signed_is_not_ours() {
    let html = "<p>Bonjour</p><div class=3D\"gmail_quote\">Le lun. 5 janv. 2026, Ana a =C3=A9crit=C2=A0:<br>\
                <blockquote>non</blockquote></div>";
    check(
        mail("Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable", html),
        &["Bonjour"],
    );
    check(mail("Content-Transfer-Encoding: quoted-printable", "Hi\n--=20\nAna"), &["Hi"]);
    check(mail("Subject: x", "Salut\n\n-----Message d'origine-----\nDe : Ana"), &["x", "Salut"]);
    check(
        mail(
            "Content-Type: text/html",
            "<p>Salut</p><hr><p><b>De :</b> Ana<br><b>Envoyé :</b> lundi<br><b>À :</b> nous<br><b>Objet :</b> colis</p><p>non</p>",
        ),
        &["Salut"],
    );
}

#[test]
fn words_know_their_bytes_through_every_encoding() {
    let quoted = mail(
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable",
        "<p>Nous sommes d=C3=A9s=\nol&eacute;s =3D fini.</p>",
    );
    check(&quoted, &["Nous sommes désolés = fini."]);
    check_source(&quoted, "désolés", b"d=C3=A9s=\r\nol&eacute;s");
    let base64 = mail(
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64",
        "Tm91cyBzb21tZXMgZMOp\nc29sw6lzLg==\n",
    );
    check(&base64, &["Nous sommes désolés."]);
    check_source(&base64, "désolés", b"ZMOp\r\nc29sw6lz");
    check_source(&base64, "Nous", b"Tm91cy");
    // Lines that break groups of four.
    check_source(base64.replace("Tm91cyBz", "Tm9\r\n1cyBz"), "Nous", b"Tm9\r\n1cy");
    let latin_1 = [mail("Content-Type: text/plain; charset=iso-8859-1", "D").as_bytes(), b"\xe9sol\xe9 !"].concat();
    check(&latin_1, &["Désolé !"]);
    check_source(&latin_1, "ésolé", b"\xe9sol\xe9");
}

#[test]
fn parts_may_differ_in_their_charset() {
    let head = mail("Content-Type: multipart/mixed; boundary=m", "--m\nContent-Type: text/plain; charset=latin1\n\nd");
    let mixed = [
        head.as_bytes(),
        b"\xe9j\xe0\r\n--m\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nd\xc3\xa9j\xc3\xa0\r\n--m\r\n\r\nd\xe9j\xc3\xa0\r\n--m--",
    ]
    .concat();
    check(&mixed, &["déjà", "déjà", "déjÃ"]);
}

#[test]
fn what_is_written_is_what_the_part_can_carry() {
    #[track_caller]
    fn check(headers: &str, body: &str, words: &str, expected: Result<&str, Unwritable>) {
        let document = document(mail(headers, body).as_bytes());
        assert_eq!(document.segments[0].escape.write(words), expected.map(str::to_owned));
    }
    let quoted = "Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=";
    check(&format!("{quoted}utf-8"), "a", "l’été", Ok("l=E2=80=99=C3=A9t=C3=A9"));
    check(&format!("{quoted}iso-8859-1"), "a", "l’été", Ok("l'=E9t=E9"));
    check("Content-Type: text/plain; charset=utf-8", "a", "été", Err(Unwritable::Character('é', "US-ASCII")));
    check("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit", "a", "été", Ok("été"));
    check("Content-Type: text/plain; charset=utf-8", "à", "été", Ok("été"));
    check("Content-Type: text/html", "<p>a", "<été>", Ok("&lt;&#233;t&#233;&gt;"));
    check("Content-Transfer-Encoding: base64", "YQ==", "a", Err(Unwritable::Sealed));
    check("Subject: =?utf-8?Q?a?=", "", "a", Err(Unwritable::Sealed));
}

#[test]
fn what_is_no_mail_says_where() {
    check_error("Hi Ana,\n\nIt left.", 0, "no mail");
    check_error("", 0, "no mail");
    let head = mail("Content-Type: multipart/mixed", "");
    check_error(&head, head.len(), "no `boundary`");
    let head = mail("Content-Type: multipart/mixed; boundary=\"m\"", "");
    check_error(&format!("{head}hello"), head.len(), "no line `--m`");
    let head = mail("Content-Transfer-Encoding: base64", "");
    check_error(&format!("{head}YWJ!"), head.len() + 3, "base64");
    let deep: String =
        (0..40).map(|it| format!("Content-Type: multipart/mixed; boundary=b{it}\n\n--b{it}\n")).collect();
    let error = Document::read(format!("From: a\n{deep}").as_bytes(), Format::Mail).expect_err("too deep");
    assert!(error.message.contains("nest more than 32 deep"), "{error}");
    let head = mail("Content-Type: multipart/mixed; boundary=b", "");
    let error = Document::read((head + &"--b\n\na\n".repeat(1001)).as_bytes(), Format::Mail).expect_err("too many");
    assert!(error.message.contains("more than 1000 parts"), "{error}");
}

#[test]
fn each_part_is_an_item_of_its_own() {
    let source =
        mail("Subject: Your =?utf-8?Q?parcel?=\nContent-Type: multipart/alternative; boundary=b", ALTERNATIVES);
    let document = document(source.as_bytes());
    let titles: Vec<&str> = document.items.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(titles, ["Your parcel"; 3]);
    assert_eq!(document.segments.iter().map(|it| it.item).collect::<Vec<_>>(), [Some(0), Some(1), Some(2)]);
}

#[test]
fn lines_that_flow_are_one() {
    let flowed =
        |more: &str, body: &str| mail(&format!("Content-Type: text/plain; charset=utf-8; format=Flowed{more}"), body);
    check(flowed("", "It left \nat noon.\n> theirs \nBye"), &["It left at noon.", "Bye"]);
    check(flowed("", "Enter\n >help\nand\n> theirs"), &["Enter >help and"]);
    check_source(flowed("", "It left \n at noon."), "left at", b"left \r\n at");
    check(flowed("; delsp=yes", "It le \nft  \nat noon."), &["It left at noon."]);
    check_source(flowed("; delsp=yes", "It le \nft  \nat noon."), "left", b"le \r\nft");
    let quoted = mail(
        "Content-Type: text/plain; format=flowed\nContent-Transfer-Encoding: quoted-printable",
        "Il est parti =C3=A0=20\nmidi, et=\n il arrive=20\ndemain.",
    );
    check(&quoted, &["Il est parti à midi, et il arrive demain."]);
    check_source(&quoted, "à midi", b"=C3=A0=20\r\nmidi");
    check(mail("Content-Type: text/html; format=flowed; delsp=yes", "<p>le \nft"), &["le ft"]);
}
