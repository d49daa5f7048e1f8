//! The three client accounts of the demo agency and what each of them sells.

use super::words::HEADS;

#[derive(Clone, Copy)]
pub(super) struct Trade {
    pub(super) name: &'static str,
    pub(super) slug: &'static str,
    /// Stands in its people's addresses: `demo-marina-manager@…`.
    pub(super) short: &'static str,
    pub(super) currency: &'static str,
    pub(super) timezone: &'static str,
    pub(super) seed: u64,
    pub(super) companies: usize,
    pub(super) contacts: usize,
    pub(super) deals: usize,
    /// Name, probability, kind; in order.
    pub(super) stages: &'static [(&'static str, i64, &'static str)],
    /// Name, category, price in major units, billing.
    pub(super) services: &'static [(&'static str, &'static str, i64, &'static str)],
    /// First and second halves of client companies' names.
    pub(super) heads: &'static [&'static str],
    pub(super) tails: &'static [&'static str],
    pub(super) industries: &'static [&'static str],
    /// Display names: manager, two sellers, a viewer.
    pub(super) people: [&'static str; 4],
}

impl Trade {
    /// The trade that fits a kind of business.
    pub(super) fn of(business: &str) -> &'static Trade {
        let short = match business {
            "clinic" => "dental",
            "software" | "agency" | "consulting" => "software",
            _ => "marina",
        };
        TRADES.iter().find(|trade| trade.short == short).unwrap_or(&TRADES[0])
    }

    /// The same in an account that stands alone and is to be as full as the three together.
    pub(super) fn alone(&self) -> Trade {
        Trade { companies: 66, contacts: 540, deals: 60, heads: &HEADS, ..*self }
    }
}

pub(super) const TRADES: [Trade; 3] = [
    Trade {
        name: "Blue Heron Marina",
        slug: "demo-blue-heron-marina",
        short: "marina",
        currency: "EUR",
        timezone: "Europe/Lisbon",
        seed: 0x6d61_7269,
        companies: 22,
        contacts: 190,
        deals: 26,
        stages: &[
            ("Inquiry", 10, "open"),
            ("Visit", 30, "open"),
            ("Offer", 50, "open"),
            ("Contract", 80, "open"),
            ("Signed", 100, "won"),
            ("Lost", 0, "lost"),
        ],
        services: &[
            ("Berth up to 8 m", "Berths", 2_400, "yearly"),
            ("Berth up to 12 m", "Berths", 4_800, "yearly"),
            ("Berth up to 18 m", "Berths", 9_600, "yearly"),
            ("Winter storage", "Yard", 1_350, "yearly"),
            ("Hull cleaning", "Yard", 420, "one_time"),
            ("Harbor residence", "Residences", 1_900, "monthly"),
        ],
        heads: &[
            "Northwind",
            "Saltmarsh",
            "Pelican",
            "Albatross",
            "Driftwood",
            "Mistral",
            "Compass",
            "Tidewater",
        ],
        tails: &["Yachting", "Charter", "Sailing Club", "Boat Works", "Marine Supply"],
        industries: &["marine", "hospitality", "logistics", "retail", "services"],
        people: ["Marta Figueira", "Duarte Nunes", "Sina Albrecht", "Paulo Rego"],
    },
    Trade {
        name: "Cedar Dental Group",
        slug: "demo-cedar-dental",
        short: "dental",
        currency: "USD",
        timezone: "America/New_York",
        seed: 0x6465_6e74,
        companies: 18,
        contacts: 180,
        deals: 24,
        stages: &[
            ("New lead", 10, "open"),
            ("Consultation", 40, "open"),
            ("Treatment plan", 70, "open"),
            ("Accepted", 100, "won"),
            ("Declined", 0, "lost"),
        ],
        services: &[
            ("Check-up and cleaning", "Prevention", 140, "one_time"),
            ("Implant", "Surgery", 3_200, "one_time"),
            ("Aligner therapy", "Orthodontics", 4_600, "one_time"),
            ("Whitening", "Cosmetic", 390, "one_time"),
            ("Company dental plan", "Plans", 1_150, "monthly"),
        ],
        heads: &[
            "Maple",
            "Cornerstone",
            "Summit",
            "Riverside",
            "Lakeview",
            "Granite",
            "Beacon",
            "Orchard",
        ],
        tails: &["Insurance", "Schools", "Logistics", "Family Clinic", "Foods"],
        industries: &["medical", "insurance", "education", "logistics", "food"],
        people: ["Dr. Helen Osei", "Ray Whitcomb", "Camila Duran", "Ivy Chandler"],
    },
    Trade {
        name: "Northlight Software",
        slug: "demo-northlight-software",
        short: "software",
        currency: "USD",
        timezone: "America/Los_Angeles",
        seed: 0x736f_6674,
        companies: 26,
        contacts: 170,
        deals: 32,
        stages: &[
            ("Qualified", 15, "open"),
            ("Discovery", 30, "open"),
            ("Trial", 50, "open"),
            ("Proposal", 70, "open"),
            ("Negotiation", 85, "open"),
            ("Won", 100, "won"),
            ("Lost", 0, "lost"),
        ],
        services: &[
            ("Team license", "Licenses", 6_000, "yearly"),
            ("Business license", "Licenses", 24_000, "yearly"),
            ("Onboarding", "Services", 4_500, "one_time"),
            ("Premium support", "Services", 900, "monthly"),
            ("Data migration", "Services", 7_800, "one_time"),
            ("Workshop day", "Services", 1_600, "one_time"),
        ],
        heads: &["Vector", "Cobalt", "Lumen", "Quartz", "Helix", "Nimbus", "Keystone", "Aurora"],
        tails: &["Analytics", "Systems", "Manufacturing", "Media", "Energy"],
        industries: &["software", "technology", "manufacturing", "media", "energy"],
        people: ["Nina Castellan", "Jerome Whitaker", "Aiko Hayashi", "Sven Maddox"],
    },
];
