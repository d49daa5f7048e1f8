//! Words the demo data is made of; made up for it.

pub(super) const FIRST: [&str; 72] = [
    "Ada", "Aisha", "Albert", "Alma", "Amir", "Ana", "Anders", "Beatriz", "Ben", "Bianca", "Bruno",
    "Camille", "Carl", "Chidi", "Clara", "Dalia", "Daniel", "Diego", "Edith", "Elias", "Elif",
    "Emil", "Erika", "Esther", "Farid", "Felix", "Fiona", "Gabriel", "Greta", "Hana", "Henrik",
    "Hugo", "Ida", "Ines", "Isaac", "Jana", "Joao", "Jonas", "Kai", "Katya", "Kenji", "Lara",
    "Leo", "Lina", "Lucia", "Malik", "Marco", "Marta", "Mateo", "Mina", "Nadia", "Nils", "Nora",
    "Olga", "Oscar", "Paolo", "Petra", "Priya", "Rafael", "Rosa", "Samir", "Selma", "Sofia",
    "Stefan", "Tara", "Tomas", "Uma", "Viktor", "Wanda", "Yara", "Yusuf", "Zoe",
];

pub(super) const LAST: [&str; 72] = [
    "Abbott", "Aguilar", "Ahmed", "Almeida", "Andersen", "Baker", "Barros", "Becker", "Bennett",
    "Berg", "Blake", "Brandt", "Carvalho", "Castillo", "Chen", "Cohen", "Costa", "Dahl", "Dias",
    "Duarte", "Eklund", "Ferrari", "Fischer", "Fontaine", "Garcia", "Gomez", "Grant", "Haddad",
    "Hansen", "Hayes", "Horvat", "Ibrahim", "Ivanov", "Jensen", "Kaya", "Keller", "Khan", "Kovacs",
    "Laurent", "Lindgren", "Lopes", "Marin", "Martins", "Mendes", "Meyer", "Moreau", "Nakamura",
    "Novak", "Okafor", "Olsen", "Ortiz", "Park", "Patel", "Pereira", "Petrov", "Ramos", "Ribeiro",
    "Rossi", "Sato", "Schmidt", "Silva", "Singh", "Sorensen", "Tanaka", "Teixeira", "Torres",
    "Vargas", "Vogel", "Walker", "Weber", "Yilmaz", "Zhang",
];

/// First halves of companies' names, whatever their trade.
pub(super) const HEADS: [&str; 16] = [
    "Northwind",
    "Saltmarsh",
    "Pelican",
    "Compass",
    "Maple",
    "Cornerstone",
    "Summit",
    "Riverside",
    "Granite",
    "Beacon",
    "Vector",
    "Cobalt",
    "Lumen",
    "Quartz",
    "Keystone",
    "Aurora",
];

/// City, region, country.
pub(super) const PLACES: [(&str, &str, &str); 16] = [
    ("Portland", "Maine", "United States"),
    ("Annapolis", "Maryland", "United States"),
    ("Seattle", "Washington", "United States"),
    ("Charleston", "South Carolina", "United States"),
    ("Austin", "Texas", "United States"),
    ("Denver", "Colorado", "United States"),
    ("Halifax", "Nova Scotia", "Canada"),
    ("Bristol", "England", "United Kingdom"),
    ("Galway", "Connacht", "Ireland"),
    ("Rotterdam", "South Holland", "Netherlands"),
    ("Hamburg", "Hamburg", "Germany"),
    ("Aarhus", "Jutland", "Denmark"),
    ("Porto", "Norte", "Portugal"),
    ("Valencia", "Valencia", "Spain"),
    ("Genoa", "Liguria", "Italy"),
    ("Split", "Dalmatia", "Croatia"),
];

pub(super) const STREETS: [&str; 12] = [
    "Harbor Street",
    "Mill Lane",
    "Station Road",
    "Quay Street",
    "Elm Avenue",
    "Market Square",
    "Lighthouse Road",
    "Foundry Lane",
    "Orchard Way",
    "Bridge Street",
    "Park Terrace",
    "Canal Walk",
];

pub(super) const JOBS: [&str; 14] = [
    "Owner",
    "Managing Director",
    "Operations Manager",
    "Head of Finance",
    "Office Manager",
    "Purchasing Manager",
    "Head of Marketing",
    "IT Manager",
    "Practice Manager",
    "Skipper",
    "Chief Technology Officer",
    "Product Manager",
    "Assistant",
    "Consultant",
];

pub(super) const SOURCES: [&str; 7] =
    ["Website", "Referral", "Trade fair", "Newsletter", "Cold call", "Partner", "Advertising"];

pub(super) const LOST: [&str; 6] =
    ["Price", "Chose a competitor", "No budget this year", "No answer", "Postponed", "Not a fit"];

pub(super) const CALLS: [(&str, &str); 5] = [
    ("First call", "Introduced us and asked what matters most to them. They want figures."),
    ("Follow-up call", "Went through the open questions. Sounds positive, decides with the team."),
    ("Left a message", "No answer; left a message on voicemail and will try again on Thursday."),
    ("Call about terms", "They ask for a yearly payment and a longer notice period."),
    ("Quick check-in", "All well. Mentioned that a colleague may need the same."),
];

pub(super) const EMAILS: [(&str, &str); 4] = [
    ("Sent the brochure", "As promised on the phone, with the price list attached."),
    ("Sent the offer", "Offer with two variants. It is valid for thirty days."),
    ("Answered questions", "Explained the delivery times and what the setup includes."),
    ("Reminder", "Friendly reminder that the offer ends next week."),
];

pub(super) const MEETINGS: [(&str, &str); 4] = [
    ("Kick-off meeting", "Agreed on goals, people and dates. Minutes were sent to everyone."),
    ("On-site visit", "Showed them around. The location convinced them."),
    ("Demonstration", "Walked through the main steps. Two requests noted for later."),
    ("Contract meeting", "Went through the contract clause by clause; two small changes."),
];

pub(super) const NOTES: [&str; 8] = [
    "Prefers to be called in the morning.",
    "Decision maker is the finance director; keep both in copy.",
    "Budget is approved for this quarter, not for the next.",
    "Was unhappy with the former supplier because nobody answered the phone.",
    "Interested in a longer contract if the price stays fixed.",
    "Met at the trade fair; knows two of our customers well.",
    "Send documents in English and Spanish.",
    "Birthday in June; likes sailing.",
];

pub(super) const TASKS: [&str; 10] = [
    "Call back",
    "Send the offer",
    "Prepare the contract",
    "Ask for references",
    "Check credit",
    "Book a visit",
    "Send the brochure",
    "Clarify the delivery date",
    "Update the forecast",
    "Thank for the order",
];

pub(super) const APPOINTMENTS: [(&str, &str); 5] = [
    ("Introduction", "Video call"),
    ("Visit", "On site"),
    ("Demonstration", "Video call"),
    ("Contract review", "Our office"),
    ("Quarterly review", "Their office"),
];

pub(super) const TAGS: [(&str, &str); 6] = [
    ("VIP", "#b45309"),
    ("Newsletter", "#0e7490"),
    ("Partner", "#4d7c0f"),
    ("Needs attention", "#be123c"),
    ("Event 2026", "#6d28d9"),
    ("Returning", "#1d4ed8"),
];
