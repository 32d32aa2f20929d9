//! What the crowd is made of.

/// City and country, time zone, languages besides English.
pub const PLACES: [(&str, &str, &[&str]); 30] = [
    ("Accra, Ghana", "Africa/Accra", &["ak"]),
    ("Addis Ababa, Ethiopia", "Africa/Addis_Ababa", &["am"]),
    ("Amsterdam, Netherlands", "Europe/Amsterdam", &["nl"]),
    ("Athens, Greece", "Europe/Athens", &["el"]),
    ("Auckland, New Zealand", "Pacific/Auckland", &["mi"]),
    ("Bangkok, Thailand", "Asia/Bangkok", &["th"]),
    ("Berlin, Germany", "Europe/Berlin", &["de"]),
    ("Bogotá, Colombia", "America/Bogota", &["es"]),
    ("Cairo, Egypt", "Africa/Cairo", &["ar"]),
    ("Chicago, United States", "America/Chicago", &[]),
    ("Copenhagen, Denmark", "Europe/Copenhagen", &["da"]),
    ("Dublin, Ireland", "Europe/Dublin", &["ga"]),
    ("Helsinki, Finland", "Europe/Helsinki", &["fi", "sv"]),
    ("Istanbul, Türkiye", "Europe/Istanbul", &["tr"]),
    ("Jakarta, Indonesia", "Asia/Jakarta", &["id"]),
    ("Kathmandu, Nepal", "Asia/Kathmandu", &["ne"]),
    ("Lima, Peru", "America/Lima", &["es"]),
    ("Lisbon, Portugal", "Europe/Lisbon", &["pt"]),
    ("London, United Kingdom", "Europe/London", &[]),
    ("Manila, Philippines", "Asia/Manila", &["fil"]),
    ("Melbourne, Australia", "Australia/Melbourne", &[]),
    ("Mexico City, Mexico", "America/Mexico_City", &["es"]),
    ("Montréal, Canada", "America/Toronto", &["fr"]),
    ("Mumbai, India", "Asia/Kolkata", &["hi", "mr"]),
    ("Nairobi, Kenya", "Africa/Nairobi", &["sw"]),
    ("New York, United States", "America/New_York", &["es"]),
    ("Paris, France", "Europe/Paris", &["fr"]),
    ("Santiago, Chile", "America/Santiago", &["es"]),
    ("Seoul, South Korea", "Asia/Seoul", &["ko"]),
    ("Warsaw, Poland", "Europe/Warsaw", &["pl"]),
];

pub const WOMEN: [&str; 32] = [
    "Abena", "Aiko", "Alicia", "Amina", "Ana", "Beatriz", "Camille", "Chiara", "Dalia", "Elif", "Emma", "Fatou",
    "Freya", "Hana", "Ines", "Ivana", "Jana", "Karin", "Leila", "Lucía", "Maja", "Mei", "Mira", "Nadia", "Noor",
    "Olga", "Rosa", "Sanna", "Sarita", "Thandi", "Yuna", "Zofia",
];

pub const MEN: [&str; 32] = [
    "Adil", "Anders", "Arjun", "Bruno", "Carlos", "Daniel", "Diego", "Emil", "Farid", "Felix", "Gabriel", "Haruto",
    "Hugo", "Ibrahim", "Jakub", "Jonas", "Kofi", "Kwame", "Leon", "Luca", "Marek", "Mateo", "Minh", "Nikhil", "Oskar",
    "Pavel", "Rafael", "Samir", "Tariq", "Tomasz", "Viktor", "Yusuf",
];

pub const ANYBODY: [&str; 12] =
    ["Alex", "Ariel", "Charlie", "Dani", "Jamie", "Kai", "Kim", "Noa", "Robin", "Sam", "Sasha", "Toni"];

pub const FAMILIES: [&str; 60] = [
    "Abebe",
    "Acheampong",
    "Ahmed",
    "Andersen",
    "Bauer",
    "Bianchi",
    "Castro",
    "Chen",
    "Costa",
    "Cruz",
    "Demir",
    "Diallo",
    "Dubois",
    "Eriksson",
    "Fernandes",
    "Fischer",
    "Flores",
    "Garcia",
    "Georgiou",
    "Gupta",
    "Hansen",
    "Hassan",
    "Horvat",
    "Ito",
    "Ivanov",
    "Jansen",
    "Jensen",
    "Kaya",
    "Khan",
    "Kim",
    "Kowalska",
    "Kumar",
    "Laine",
    "Larsen",
    "Lewis",
    "Lopez",
    "Mbeki",
    "Mendes",
    "Moreau",
    "Morris",
    "Mwangi",
    "Müller",
    "Nair",
    "Novak",
    "O'Brien",
    "Osei",
    "Park",
    "Patel",
    "Pereira",
    "Ramos",
    "Reyes",
    "Rojas",
    "Santos",
    "Sato",
    "Silva",
    "Singh",
    "Suzuki",
    "Tanaka",
    "Virtanen",
    "Wójcik",
];

/// By skill, in the order of the taxonomy: of those who begin, and of those who have done it for long.
pub const TITLES: [(&str, &str); 10] = [
    ("Frontend Developer", "Lead Frontend Engineer"),
    ("Backend Developer", "Principal Backend Engineer"),
    ("DevOps Engineer", "Head of Platform"),
    ("Security Analyst", "Security Architect"),
    ("Machine Learning Engineer", "Head of Machine Learning"),
    ("Database Administrator", "Database Architect"),
    ("Data Analyst", "Lead Data Scientist"),
    ("Product Designer", "Design Director"),
    ("Mobile Developer", "Mobile Lead"),
    ("Cloud Engineer", "Cloud Architect"),
];

pub const ABOUTS: [&str; 8] = [
    "I like small teams, plain words and software that is finished.",
    "I changed careers at thirty and have not regretted a day of it.",
    "Ten years in three countries; I am at home wherever the build is green.",
    "I care about the people at the other end of the screen, most of all those who do not see well.",
    "I learned by taking things apart, and by now I also know how to put them together again.",
    "I work at a company that you have never heard of and that you use every day.",
    "Between meetings I write, between books I sail.",
    "I believe that most problems of technology are problems of listening.",
];

pub const MOTIVATIONS: [&str; 6] = [
    "I want to learn what nobody writes down.",
    "I am good at my job and no longer know what comes after it.",
    "I would like somebody to tell me what I do not see.",
    "My next role asks for things that my present one does not teach.",
    "I learn best in conversation, and nobody at work has the time.",
    "I have a plan and need somebody to doubt it.",
];

/// A goal and its milestones.
pub const GOALS: [(&str, &[&str]); 8] = [
    ("Give a talk at the team's meet-up", &["Find one thing to say", "Rehearse it with my mentor"]),
    ("Ship one change a week", &["Cut the work into pieces", "Release behind a switch", "Four weeks in a row"]),
    ("Pass the certification", &["Choose the exam", "Two practice tests"]),
    ("Write down how our system works", &["A drawing of what calls what", "A page for newcomers"]),
    ("Find a role that fits", &["A CV without adjectives", "Five applications", "Two practice interviews"]),
    ("Lead a project for the first time", &["Say what is not part of it", "Weekly notes to everybody"]),
    ("Read other people's code every week", &[]),
    ("Ask for feedback without fear", &[]),
];

pub const NOTES: [&str; 6] = [
    "Decided: smaller steps. Promised: a reading list. Next time: the review.",
    "What went well: the question before the answer. What to try: silence for ten seconds.",
    "Three things to read before we meet again; the second is the one that matters.",
    "We talked about the job offer. No decision yet, and that is fine.",
    "The estimate was wrong because the question was. Write the question down first.",
    "Good energy today. Ask about the exam next time.",
];

pub const AGENDAS: [&str; 5] = [
    "What happened since last time",
    "Review of the draft",
    "Practice interview",
    "The goal, and what is in its way",
    "Questions that came up at work",
];
