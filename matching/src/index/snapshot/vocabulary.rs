use super::super::super::hours::Day;
use super::super::super::policy::Policy;
use super::super::super::pool::Pool;
use super::super::super::profile::Skill;
use super::super::super::record::weight;
use super::super::super::vocabulary::{Dictionary, Home, List, Vocabulary};
use super::bytes::{Reader, Writer};

impl Vocabulary {
    /// All values in use, each at the place of its number.
    pub fn write_to(&self, writer: &mut Writer) {
        writer.list(self.skills.values(), |writer, (id, skill)| {
            writer.id(id);
            writer.number(skill.level.map_or(0, |level| level + 1));
            writer.number(skill.priority);
        });
        for ids in [&self.topics, &self.soft_skills, &self.industries] {
            writer.list(ids.values(), Writer::id);
        }
        writer.list(self.languages.values(), |writer, language| writer.text(language));
        writer.list(self.places.values(), |writer, place| writer.text(place));
        for lists in self.sets.iter().chain([&self.more_skills]) {
            writer.list(lists.values(), write_list);
        }
        writer.list(self.homes.values(), |writer, home| {
            writer.number(home.zone);
            writer.number(home.place);
            write_list(writer, &home.languages);
        });
        writer.list(self.days.values(), |writer, day| {
            writer.list(day.stretches().iter(), |writer, (start, end)| {
                writer.number(*start);
                writer.number(*end);
            });
        });
    }

    /// Reads them into one that is empty. None of them is in use then.
    pub fn read_from(&mut self, reader: &mut Reader<'_>, policy: &Policy) -> Option<()> {
        let skills = reader.list(read_skill)?;
        for (code, (id, skill)) in (1..=u16::MAX).zip(&skills) {
            self.weigh(code, weight(*id, *skill, policy));
        }
        self.skills = Dictionary::unused(skills)?;
        for ids in [&mut self.topics, &mut self.soft_skills, &mut self.industries] {
            *ids = Dictionary::unused(reader.list(Reader::id)?)?;
        }
        self.languages = Dictionary::unused(reader.list(Reader::text)?)?;
        self.places = Pool::unused(reader.list(Reader::text)?);
        for lists in self.sets.iter_mut().chain([&mut self.more_skills]) {
            *lists = Pool::unused(reader.list(read_list)?);
        }
        self.homes = Pool::unused(reader.list(|reader| {
            Some(Home { zone: reader.number()?, place: reader.number()?, languages: read_list(reader)? })
        })?);
        let day =
            |reader: &mut Reader<'_>| Some(Day::new(reader.list(|reader| Some((reader.number()?, reader.number()?)))?));
        self.days = Pool::unused(reader.list(day)?);
        Some(())
    }
}

fn read_skill(reader: &mut Reader<'_>) -> Option<(uuid::Uuid, Skill)> {
    Some((reader.id()?, Skill { level: reader.number::<u8>()?.checked_sub(1), priority: reader.number()? }))
}

fn write_list(writer: &mut Writer, list: &List) {
    writer.list(list.iter(), |writer, code| writer.number(*code));
}

fn read_list(reader: &mut Reader<'_>) -> Option<List> {
    Some(reader.list(Reader::number)?.into())
}
