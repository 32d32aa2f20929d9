//! What the ten wrote to each other within their mentorships, the mentor first.

use crate::texts::Script;

pub const AMARA_LINH: Script = &[
    "Hello Linh, I am glad we both said yes. Tell me a little about the last thing you built and were proud of.",
    "Hello Amara, thank you! It is small: our booking form now keeps what people typed when the connection drops.",
    "That is not small at all. How did you decide what to keep?",
    "Everything except the card number. I was not sure about the phone number.",
    "Good instinct to ask. Let us make that a habit: for each field, who could be harmed if it stays?",
    "I wrote the list for all our forms. Three fields should not have been there.",
    "Did you raise it with your team?",
    "Yes. They asked me to present it on Friday, in front of everybody.",
    "Then our next meeting is a rehearsal. Bring five slides at most.",
    "It went well. My hands were cold, but the questions were friendly and we got the ticket.",
    "Congratulations. Put that into your list for the appraisal, with the date.",
    "I did. Next I would like to understand the service behind the form. Where would you begin?",
    "With the logs of one request, from the first line to the last. Draw what you see.",
    "Drawn and uploaded to the shared notes. There are two calls that I cannot explain.",
    "Nor can I, and that is the interesting part. Choose one of them and we follow it together on Tuesday.",
];

pub const LUCAS_PRIYA: Script = &[
    "Hi Priya. You wrote that you want to run what you train. What runs it today?",
    "A notebook on my machine and a colleague's goodwill.",
    "A classic. First goal: it runs on a machine that nobody may log in to.",
    "The container builds now. It is four gigabytes, is that bad?",
    "It is slow rather than bad. Start from the small image and add what breaks.",
    "Nine hundred megabytes, and the nightly run has been green for a week.",
    "Excellent. Now break it on purpose and see who notices.",
    "Nobody did. So the next goal is alerts, I suppose?",
];

pub const AMARA_SOFIA: Script = &[
    "Sofia, welcome. Which of your drawings would you like to build first?",
    "The calendar for the museum. I know what it should feel like and not how to begin.",
    "Begin with the page without any style at all. Does it make sense when it is read aloud?",
    "It did not! The days came before the month.",
    "Then you have found your first bug before writing a line of script.",
    "It is live since this morning. Real visitors are using it.",
    "I just booked a ticket with it from Lagos. Congratulations.",
    "I think we have reached what we wrote down in March. Thank you for everything.",
];

pub const PRIYA_LINH: Script = &[
    "Hello Linh, nice to meet you. Shall we start with how you read a chart?",
    "Gladly. I mostly look at whether the line goes up.",
    "Everybody does. Next time tell me what the line leaves out.",
    "In ours it leaves out everybody who gave up before the last page.",
    "And those are the people you work for. Well seen.",
    "I will miss our Thursdays. Thank you for these four months!",
];

pub const OMAR_LINH: Script = &[
    "Before we go on: my time is usually paid. Shall I send you the details for the transfer?",
    "I thought the programme is free of charge? I would rather ask the organisers.",
    "As you like, but then I have other things to do this week.",
];

pub const PRIYA_SOFIA: Script = &[
    "Good that we try again, Sofia! In spring my move swallowed everything else.",
    "No harm done. I have a heap of visitor numbers and no idea what to ask of them.",
    "What would you decide differently if you knew the answer?",
    "Which exhibition gets the big room.",
    "Then we need visits by room and hour. Do you have doors that count?",
    "We do, since 2019. Nobody ever opened the files.",
    "Oh, lovely. Bring a month of them on Thursday.",
];

pub const INGRID_PRIYA: Script = &[
    "Hello Priya, Tomás thought we should talk since you are about to lead a team. What worries you most?",
    "That I will go on doing everybody's work because I know how.",
    "It is the right worry. Choose one thing you do best, and give exactly that away this month.",
    "I gave away the forecast review. It hurt, and the review was better than mine.",
    "That sentence is the whole of it. Let us talk about how you tell them so.",
];

pub const INGRID_SOFIA: Script = &[
    "Hello Sofia, tell me about the studio you would like to found.",
    "Three people, one museum to begin with, and I should like not to starve.",
    "Then we begin with the not starving: what does one month cost?",
    "I have the sheet. It is less frightening than I thought.",
];
