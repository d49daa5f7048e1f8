//! Text made of columns: `{account|or:No account} – {product}`.
//!
//! Filters: `lower`, `upper`, `first` and `last` (word), `slug` (letters and digits joined by
//! `-`), `or:TEXT` (when empty). Braces are doubled to be themselves.

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Text(String),
    Column(usize, Vec<Filter>),
}

#[derive(Debug, Clone, PartialEq)]
enum Filter {
    Lower,
    Upper,
    First,
    Last,
    Slug,
    Or(String),
}

impl Template {
    /// `column` finds a column's place by its name. Errors say what is wrong with the template.
    pub(crate) fn parse(
        text: &str,
        column: impl Fn(&str) -> Option<usize>,
    ) -> Result<Template, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '{' | '}' if chars.peek() == Some(&c) => {
                    chars.next();
                    plain.push(c);
                }
                '{' => {
                    let inner: String = chars.by_ref().take_while(|c| *c != '}').collect();
                    if !plain.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut plain)));
                    }
                    parts.push(placeholder(&inner, &column)?);
                }
                '}' => return Err(format!("template {text:?}: a brace that opens nothing")),
                c => plain.push(c),
            }
        }
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Template(parts))
    }

    /// `cell` gives the text of a column.
    pub(crate) fn render<'a>(&self, cell: impl Fn(usize) -> &'a str) -> String {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Column(at, filters) if filters.is_empty() => out.push_str(cell(*at)),
                Part::Column(at, filters) => {
                    let start = cell(*at).to_owned();
                    out.push_str(&filters.iter().fold(start, |text, f| f.apply(text)));
                }
            }
        }
        out
    }

    /// The first column it reads, which a doubt about its text is pinned to.
    pub(crate) fn column(&self) -> Option<usize> {
        self.0.iter().find_map(|p| match p {
            Part::Column(at, _) => Some(*at),
            Part::Text(_) => None,
        })
    }
}

fn placeholder(inner: &str, column: impl Fn(&str) -> Option<usize>) -> Result<Part, String> {
    let mut words = inner.split('|');
    let name = words.next().unwrap_or_default().trim();
    let at = column(name).ok_or_else(|| format!("template names no column {name:?}"))?;
    let filters = words.map(Filter::parse).collect::<Result<_, _>>()?;
    Ok(Part::Column(at, filters))
}

impl Filter {
    fn parse(word: &str) -> Result<Filter, String> {
        Ok(match word.trim() {
            "lower" => Filter::Lower,
            "upper" => Filter::Upper,
            "first" => Filter::First,
            "last" => Filter::Last,
            "slug" => Filter::Slug,
            _ => match word.trim_start().strip_prefix("or:") {
                Some(text) => Filter::Or(text.to_owned()),
                None => return Err(format!("template filter {word:?} is unknown")),
            },
        })
    }

    fn apply(&self, text: String) -> String {
        match self {
            Filter::Lower => text.to_lowercase(),
            Filter::Upper => text.to_uppercase(),
            Filter::First => text.split_whitespace().next().unwrap_or_default().to_owned(),
            Filter::Last => text.split_whitespace().next_back().unwrap_or_default().to_owned(),
            Filter::Slug => slug(&text),
            Filter::Or(other) if text.trim().is_empty() => other.clone(),
            Filter::Or(_) => text,
        }
    }
}

fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_filters() {
        let columns = ["agent", "account"];
        let cells = ["Mei-Mei  Johns", ""];
        let made = |text: &str| {
            Template::parse(text, |name| columns.iter().position(|c| *c == name))
                .map(|t| t.render(|at| cells[at]))
        };
        let mail = "{agent|first|lower}.{agent|last|lower}@sample.example";
        assert_eq!(made(mail).unwrap(), "mei-mei.johns@sample.example");
        assert_eq!(
            made("{account|or:No account} – {agent|slug}").unwrap(),
            "No account – mei-mei-johns"
        );
        assert_eq!(made("{{{agent|last}}}").unwrap(), "{Johns}");
        assert!(made("{nobody}").is_err());
        assert!(made("{agent|shout}").is_err());
        assert!(made("a}b").is_err());
    }
}
