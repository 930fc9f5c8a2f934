//! Synthetic replacements: the same original gets the same replacement in the whole run.

use crate::domain::variation::{
    Choice, Country, Fact, Persona, Template, TemplatePiece, Variation, ascii_name,
};
use crate::engine::generate::random_string;
use crate::engine::persona;
use crate::engine::seeded_rng::SeededRng;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The domain of every email address and URL; RFC 2606 reserves it.
pub(super) const DOMAIN: &str = "example.com";

/// The minimum number of characters of an original that must not occur in a replacement. A shorter
/// one occurs in any text.
const MIN_CHARS: usize = 4;

/// The maximum number of originals whose kind is remembered. Later ones get the kind of their
/// location, so that one value can get different replacements in different fields.
const MAX_KNOWN: usize = 1 << 20;

/// The maximum number of replacements to try that contain no original.
const MAX_ATTEMPTS: u8 = 16;

/// The minimum and maximum number of digits of a telephone number.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// The form of a replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A string from one of these templates.
    Templates(Vec<Template>),
    /// A fact about a synthetic person.
    Fact(&'static Fact),
    /// An email address.
    Email,
    /// A URL.
    Url,
    /// A hyphenated UUID.
    Uuid,
    /// The original with other digits.
    Digits,
    /// Neutral text.
    Text,
}

impl Form {
    /// Returns the form of the values at a location with this rule and this last name. Without
    /// either, it is the form of the original.
    pub(super) fn detect(variation: Option<&Variation>, name: &str, original: &str) -> Self {
        variation
            .and_then(Self::of_variation)
            .or_else(|| Self::of_name(name))
            .unwrap_or_else(|| Self::of_value(original))
    }

    fn of_variation(variation: &Variation) -> Option<Self> {
        let templates = match variation {
            Variation::Text(template) => vec![template.clone()],
            Variation::OneOf(choices) => {
                let text = choices.iter().filter_map(|choice| match choice {
                    Choice::Text(template) => Some(template.clone()),
                    _ => None,
                });
                text.collect()
            }
            _ => return None,
        };
        match templates.as_slice() {
            [] => None,
            [only] => Some(match only.pieces() {
                [TemplatePiece::Fact(placeholder)] => Self::of_fact(placeholder.fact),
                _ => Self::Templates(templates),
            }),
            _ => Some(Self::Templates(templates)),
        }
    }

    /// Returns the form of a field that has the name of a fact: `first_name`, `lastName`, `zip`.
    fn of_name(name: &str) -> Option<Self> {
        let mut words = String::new();
        for c in name.chars() {
            match c {
                '_' => words.push('-'),
                c if c.is_ascii_uppercase() => words.extend(['-', c.to_ascii_lowercase()]),
                c => words.push(c),
            }
        }
        Fact::find(&words).filter(|fact| !fact.is_number).map(Self::of_fact)
    }

    fn of_fact(fact: &'static Fact) -> Self {
        if fact.name == "email" { Self::Email } else { Self::Fact(fact) }
    }

    fn of_value(text: &str) -> Self {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let is_made_of = |other: &str| {
            digits > 0 && text.chars().all(|c| c.is_ascii_digit() || other.contains(c))
        };
        let phone = |name| Fact::find(name).map_or(Self::Digits, Self::Fact);
        match text {
            _ if text.contains('@') && !text.contains(char::is_whitespace) => Self::Email,
            _ if text.starts_with("http://") || text.starts_with("https://") => Self::Url,
            _ if uuid::Uuid::try_parse(text).is_ok() => Self::Uuid,
            _ if is_made_of(".") => Self::Digits,
            _ if PHONE_DIGITS.contains(&digits) && is_made_of("+") => phone("phone-e164"),
            _ if PHONE_DIGITS.contains(&digits) && is_made_of("+-. ()/") => phone("phone"),
            _ => Self::Text,
        }
    }
}

/// The strings of one request that must not occur in its replacements.
#[derive(Debug, Default)]
pub(super) struct Originals {
    all: HashSet<Vec<u8>>,
    /// The lengths of the originals by their first bytes, so that most positions of a replacement
    /// need one look-up.
    lengths: HashMap<[u8; MIN_CHARS], BTreeSet<usize>>,
}

impl Originals {
    /// Adds a string, unless it is too short to matter.
    pub(super) fn add(&mut self, text: &str) {
        if text == DOMAIN || text.chars().nth(MIN_CHARS - 1).is_none() {
            return;
        }
        let Some(start) = text.as_bytes().first_chunk() else { return };
        if self.all.insert(text.into()) {
            self.lengths.entry(*start).or_default().insert(text.len());
        }
    }

    /// Returns `true` if an original occurs in the text.
    pub(super) fn occur_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        (0..bytes.len()).any(|start| {
            let rest = bytes.get(start..).unwrap_or_default();
            let lengths = rest.first_chunk().and_then(|chunk| self.lengths.get(chunk));
            let mut lengths = lengths.into_iter().flatten().take_while(|it| **it <= rest.len());
            lengths.any(|length| rest.get(..*length).is_some_and(|part| self.all.contains(part)))
        })
    }
}

/// The replacements of a run.
#[derive(Debug)]
pub(super) struct Replacements {
    key: u64,
    forms: Vec<(Form, Country)>,
    /// What was decided about an original at its first occurrence, by its digest.
    known: HashMap<u64, Decision>,
}

#[derive(Clone, Copy, Debug)]
struct Decision {
    /// The index of the form.
    form: usize,
    /// The number of replacements before it that contained an original.
    attempt: u8,
}

impl Replacements {
    pub(super) fn new(key: u64) -> Self {
        Self { key, forms: Vec::new(), known: HashMap::new() }
    }

    /// Returns the replacement of an original, with at most `max_chars` characters.
    pub(super) fn replace(
        &mut self,
        original: &str,
        form: Form,
        country: Country,
        max_chars: Option<usize>,
        originals: &Originals,
    ) -> String {
        let digest = self.digest(original);
        let decision = match self.known.get(&digest) {
            Some(known) => *known,
            None => Decision { form: self.index(form, country), attempt: 0 },
        };
        let fits = |text: &str| max_chars.is_none_or(|max| text.chars().count() <= max);
        for attempt in decision.attempt..decision.attempt.saturating_add(MAX_ATTEMPTS) {
            let text = self.generate(original, decision.form, attempt);
            if fits(&text)
                && !originals.occur_in(&text)
                && !self.known.contains_key(&self.digest(&text))
            {
                if self.known.len() < MAX_KNOWN {
                    self.known.insert(digest, Decision { attempt, ..decision });
                }
                return text;
            }
        }
        self.opaque(original, max_chars, originals)
    }

    /// Returns random digits, for an original whose form gives no replacement that is free of
    /// originals.
    fn opaque(&self, original: &str, max_chars: Option<usize>, originals: &Originals) -> String {
        let mut rng = SeededRng::new(self.key, &format!("opaque {original}"));
        let text = || hex::encode(rng.bytes::<8>());
        let mut texts = std::iter::repeat_with(text).take(MAX_ATTEMPTS.into());
        let mut text =
            texts.find(|text| !originals.occur_in(text)).unwrap_or_else(|| "-".to_owned());
        text.truncate(max_chars.unwrap_or(text.len()));
        text
    }

    fn digest(&self, text: &str) -> u64 {
        u64::from_le_bytes(SeededRng::new(self.key, text).bytes())
    }

    /// Returns the index of a form, which is added if it is new.
    fn index(&mut self, form: Form, country: Country) -> usize {
        let form = (form, country);
        let known = self.forms.iter().position(|known| *known == form);
        known.unwrap_or_else(|| {
            self.forms.push(form);
            self.forms.len() - 1
        })
    }

    /// Generates the replacement number `attempt` of an original.
    fn generate(&self, original: &str, form: usize, attempt: u8) -> String {
        let Some((form, country)) = self.forms.get(form) else { return String::new() };
        let mut rng = SeededRng::new(self.key, &format!("{attempt} {original}"));
        let mut person = || {
            let seed = u64::from_le_bytes(rng.bytes());
            Persona { domain: DOMAIN, ..persona::draw(seed, *country, "person") }
        };
        match form {
            Form::Fact(fact) => (fact.value)(&person()),
            Form::Email => {
                let Persona { first_name, last_name, .. } = person();
                // Names repeat often, and records are joined by their email addresses.
                let number = rng.number_below(1_000_000);
                let [first, last] = [first_name, last_name].map(ascii_name);
                format!("{first}.{last}.{number:06}@{DOMAIN}")
            }
            Form::Templates(templates) => {
                let person = person();
                let template = templates.get(rng.index(templates.len()));
                let pieces = template.map(Template::pieces).unwrap_or_default();
                pieces.iter().map(|piece| render(piece, &person, &mut rng)).collect()
            }
            Form::Url => format!("https://{DOMAIN}/{}", hex::encode(rng.bytes::<6>())),
            Form::Uuid => rng.uuid(),
            Form::Digits => other_digits(original, &mut rng),
            Form::Text => format!("Synthetic text {:08}", rng.number_below(100_000_000)),
        }
    }
}

/// Renders one piece. All facts are of one person, so that one original gives one persona.
fn render(piece: &TemplatePiece, person: &Persona, rng: &mut SeededRng) -> String {
    match piece {
        TemplatePiece::Literal(text) => text.clone(),
        TemplatePiece::Fact(placeholder) => (placeholder.fact.value)(person),
        TemplatePiece::Random(kind, _) => random_string(*kind, rng),
    }
}

/// Returns the original with other digits; none of them is a leading zero.
fn other_digits(original: &str, rng: &mut SeededRng) -> String {
    let other = |c: char| match c {
        '0'..='9' => {
            let digit = u32::try_from(1 + rng.number_below(9)).unwrap_or(1);
            char::from_digit(digit, 10).unwrap_or('1')
        }
        c => c,
    };
    original.chars().map(other).collect()
}
