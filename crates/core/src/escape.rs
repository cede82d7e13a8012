//! How words must be written to stand in a place of a document.

/// The layers of a place, innermost first: the text of an HTML body inside a JSON string is `[Html, Json]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Escape {
    layers: Vec<Layer>,
}

/// One way of writing text inside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// `&`, `<` and `>` as entities; line breaks as `<br>`; no-break spaces as `&nbsp;`.
    Html,
    /// The inside of a JSON string.
    Json,
}

impl Escape {
    /// The place inside this one.
    pub fn inside(outer: &Escape, layer: Layer) -> Escape {
        let mut layers = vec![layer];
        layers.extend(&outer.layers);
        Escape { layers }
    }

    /// A place with one layer.
    pub fn of(layer: Layer) -> Escape {
        Escape { layers: vec![layer] }
    }

    /// `words` as they must be written here.
    pub fn write(&self, words: &str) -> String {
        self.layers.iter().fold(words.to_owned(), |words, layer| layer.write(&words))
    }
}

impl Layer {
    fn write(self, words: &str) -> String {
        match self {
            Layer::Html => words
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('\u{a0}', "&nbsp;")
                .replace('\n', "<br>"),
            Layer::Json => json_string(words),
        }
    }
}

fn json_string(words: &str) -> String {
    let quoted = serde_json::to_string(words).expect("a string is always JSON");
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_written_from_the_inside() {
        let json = Escape::of(Layer::Json);
        let both = Escape::inside(&json, Layer::Html);
        assert_eq!(Escape::default().write("a \"b\" & c"), "a \"b\" & c");
        assert_eq!(json.write("a \"b\"\n"), "a \\\"b\\\"\\n");
        assert_eq!(both.write("a \"b\" & c\u{a0}!"), "a \\\"b\\\" &amp; c&nbsp;!");
    }
}
