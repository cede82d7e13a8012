//! The pattern language: a line that a support lead writes, read into a tree of words. rules/README.md is its manual.

use std::fmt;

use crate::fold::fold_str;

/// What a pattern looks for, with its words folded and its sets still by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// This word.
    Word(String),
    /// Any word that starts so.
    Prefix(String),
    /// Any member of a set.
    Set(String),
    /// One after the other.
    Sequence(Vec<Pattern>),
    /// One of them.
    Either(Vec<Pattern>),
    /// It, or nothing.
    Optional(Box<Pattern>),
    /// Up to so many words, whatever they are.
    Gap(u8),
    /// What follows is not this.
    Not(Box<Pattern>),
    /// What follows is this, and is not flagged with the rest.
    Ahead(Box<Pattern>),
    /// The word before is followed by this mark.
    Mark(char),
    /// The start of the sentence.
    Start,
    /// The end of the sentence.
    End,
}

/// The marks a pattern may ask for.
pub(crate) const MARKS: [char; 4] = [',', ':', ';', '?'];

/// Letters a stem must have before its `*`.
const SHORTEST_STEM: usize = 3;
/// Words a gap may jump.
const WIDEST_GAP: u8 = 20;
/// Characters a pattern may have, and groups within groups: a rule file cannot exhaust the machine.
const LONGEST_PATTERN: usize = 2_000;
const DEEPEST: usize = 16;

/// What is wrong with a pattern, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PatternError {
    /// Characters before the place.
    pub column: usize,
    pub message: String,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at character {})", self.message, self.column + 1)
    }
}

/// Reads one pattern.
pub(crate) fn parse(source: &str) -> Result<Pattern, PatternError> {
    let mut parser = Parser { chars: source.chars().collect(), at: 0, depth: 0 };
    if parser.chars.len() > LONGEST_PATTERN {
        return Err(parser.error(format!("a pattern has at most {LONGEST_PATTERN} characters; split it into several")));
    }
    let pattern = parser.alternatives()?;
    match parser.peek() {
        Some(it) => Err(parser.error(format!("`{it}` closes nothing"))),
        None if pattern == Pattern::Sequence(vec![]) => Err(parser.error("the pattern is empty")),
        None => Ok(pattern),
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn alternatives(&mut self) -> Result<Pattern, PatternError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error(format!("more than {DEEPEST} groups within groups")));
        }
        let mut branches = vec![self.sequence()?];
        while self.eat('|') {
            branches.push(self.sequence()?);
        }
        self.depth -= 1;
        Ok(if branches.len() == 1 { branches.remove(0) } else { Pattern::Either(branches) })
    }

    fn sequence(&mut self) -> Result<Pattern, PatternError> {
        let mut parts = Vec::new();
        loop {
            self.skip_spaces();
            match self.peek() {
                None | Some('|' | ')' | ']') => break,
                Some(_) => self.part(&mut parts)?,
            }
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Pattern::Sequence(parts) })
    }

    fn part(&mut self, parts: &mut Vec<Pattern>) -> Result<(), PatternError> {
        let part = match self.chars[self.at] {
            '(' => self.group('(', ')')?,
            '[' => Pattern::Optional(Box::new(self.group('[', ']')?)),
            '<' => self.set()?,
            '~' => self.gap()?,
            '!' => Pattern::Not(self.following('!')?),
            '&' => Pattern::Ahead(self.following('&')?),
            '^' => self.single(Pattern::Start),
            '$' => self.single(Pattern::End),
            it if MARKS.contains(&it) => self.single(Pattern::Mark(it)),
            it @ ('*' | '>' | '}' | '{') => return Err(self.error(format!("`{it}` cannot stand here"))),
            _ => return self.words(parts),
        };
        parts.push(part);
        Ok(())
    }

    fn single(&mut self, pattern: Pattern) -> Pattern {
        self.at += 1;
        pattern
    }

    fn group(&mut self, open: char, close: char) -> Result<Pattern, PatternError> {
        let start = self.at;
        self.at += 1;
        let inner = self.alternatives()?;
        if !self.eat(close) {
            self.at = start;
            return Err(self.error(format!("`{open}` is never closed with `{close}`")));
        }
        Ok(inner)
    }

    fn set(&mut self) -> Result<Pattern, PatternError> {
        let start = self.at + 1;
        let Some(len) = self.chars[start..].iter().position(|&it| it == '>') else {
            return Err(self.error("`<` is never closed with `>`"));
        };
        let name: String = self.chars[start..start + len].iter().collect();
        self.at = start + len + 1;
        Ok(Pattern::Set(name))
    }

    fn gap(&mut self) -> Result<Pattern, PatternError> {
        self.at += 1;
        let digits: String = self.chars[self.at..].iter().take_while(|it| it.is_ascii_digit()).collect();
        match digits.parse() {
            Ok(words @ 1..=WIDEST_GAP) => {
                self.at += digits.len();
                Ok(Pattern::Gap(words))
            }
            _ => Err(self.error(format!("write `~` with a number from 1 to {WIDEST_GAP}, as in `~4`"))),
        }
    }

    /// What stands right after a `!` or `&`.
    fn following(&mut self, sign: char) -> Result<Box<Pattern>, PatternError> {
        self.at += 1;
        let mut parts = Vec::new();
        match self.peek() {
            Some(it) if !it.is_whitespace() && !"|)]!&~[".contains(it) => self.part(&mut parts)?,
            _ => return Err(self.error(format!("write `{sign}` right before a word, a `(group)` or a `<set>`"))),
        }
        Ok(Box::new(sequence(parts)))
    }

    fn words(&mut self, parts: &mut Vec<Pattern>) -> Result<(), PatternError> {
        let start = self.at;
        while self.peek().is_some_and(is_word) {
            self.at += 1;
        }
        let source: String = self.chars[start..self.at].iter().collect();
        let folded = fold_str(&source);
        let mut words: Vec<&str> = folded.split_whitespace().collect();
        if self.eat('*') {
            match words.pop() {
                Some(stem) if stem.chars().count() >= SHORTEST_STEM => {
                    parts.extend(words.into_iter().map(word));
                    parts.push(Pattern::Prefix(stem.to_owned()));
                    return Ok(());
                }
                _ => return Err(self.error(format!("`*` needs at least {SHORTEST_STEM} letters before it"))),
            }
        }
        if words.is_empty() {
            return Err(self.error(format!("`{source}` is no word")));
        }
        parts.extend(words.into_iter().map(word));
        Ok(())
    }

    fn skip_spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn eat(&mut self, it: char) -> bool {
        let found = self.peek() == Some(it);
        self.at += usize::from(found);
        found
    }

    fn error(&self, message: impl Into<String>) -> PatternError {
        PatternError { column: self.at, message: message.into() }
    }
}

fn is_word(it: char) -> bool {
    !it.is_whitespace() && !"()[]|<>~!&^$*{}".contains(it) && !MARKS.contains(&it)
}

fn word(folded: &str) -> Pattern {
    Pattern::Word(folded.to_owned())
}

fn sequence(mut parts: Vec<Pattern>) -> Pattern {
    if parts.len() == 1 { parts.remove(0) } else { Pattern::Sequence(parts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        let shown = match parse(source) {
            Ok(pattern) => show(&pattern),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected);
    }

    /// A pattern in brackets, so that a table can show its structure.
    fn show(pattern: &Pattern) -> String {
        let all = |parts: &[Pattern], glue: &str| parts.iter().map(show).collect::<Vec<_>>().join(glue);
        match pattern {
            Pattern::Word(it) => it.clone(),
            Pattern::Prefix(it) => format!("{it}*"),
            Pattern::Set(it) => format!("<{it}>"),
            Pattern::Sequence(parts) => format!("({})", all(parts, " ")),
            Pattern::Either(parts) => format!("({})", all(parts, " | ")),
            Pattern::Optional(it) => format!("{}?", show(it)),
            Pattern::Gap(it) => format!("~{it}"),
            Pattern::Not(it) => format!("!{}", show(it)),
            Pattern::Ahead(it) => format!("&{}", show(it)),
            Pattern::Mark(it) => format!("'{it}'"),
            Pattern::Start => "^".to_owned(),
            Pattern::End => "$".to_owned(),
        }
    }

    #[test]
    fn words_are_folded_and_split_as_texts_are() {
        check("N’hésitez-pas", "(n hesitez pas)");
        check("l'applic*", "(l applic*)");
        check("E-MAIL", "(e mail)");
    }

    #[test]
    fn groups_options_gaps_and_sets() {
        check("<sorry> ~4 (for|about) [the] delay", "(<sorry> ~4 (for | about) the? delay)");
        check("(a|b c)", "(a | (b c))");
        check("^sorry, but$", "(^ sorry ',' but $)");
        check("!that sorry !(for|<x>)", "(!that sorry !(for | <x>))");
        check("just &(click|open)", "(just &(click | open))");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        check("", "the pattern is empty (at character 1)");
        check("a (b", "`(` is never closed with `)` (at character 3)");
        check("a) b", "`)` closes nothing (at character 2)");
        check("ab*", "`*` needs at least 3 letters before it (at character 4)");
        check("a ~x", "write `~` with a number from 1 to 20, as in `~4` (at character 4)");
        check("<a b", "`<` is never closed with `>` (at character 1)");
        check("a ! b", "write `!` right before a word, a `(group)` or a `<set>` (at character 4)");
        check("{x}", "`{` cannot stand here (at character 1)");
    }

    #[test]
    fn a_pattern_cannot_exhaust_the_machine() {
        assert!(parse(&"(".repeat(1000)).is_err());
        assert!(parse(&"a ".repeat(5000)).is_err());
    }
}
