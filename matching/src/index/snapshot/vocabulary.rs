use super::super::super::hours::Day;
use super::super::super::policy::Policy;
use super::super::super::pool::Pool;
use super::super::super::profile::Skill;
use super::super::super::record::weight;
use super::super::super::vocabulary::{Dictionary, Home, List, Vocabulary};
use super::bytes::{Reader, Writer};

impl Vocabulary {
    /// All values, each at the place of its number.
    pub fn write_to(&self, writer: &mut Writer) {
        writer.list(self.skills.values(), |writer, (id, skill)| {
            writer.id(id);
            writer.number(skill.level.map_or(0, |level| level + 1));
            writer.number(skill.priority);
        });
        for ids in [&self.topics, &self.soft_skills, &self.industries] {
            writer.list(ids.values(), Writer::id);
        }
        for words in [&self.languages, &self.places] {
            writer.list(words.values(), |writer, word| writer.text(word));
        }
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
        for (id, skill) in reader.list(read_skill)? {
            self.skill_code((id, skill), weight(id, skill, policy))?;
        }
        for ids in [&mut self.topics, &mut self.soft_skills, &mut self.industries] {
            fill(ids, &reader.list(Reader::id)?)?;
        }
        for words in [&mut self.languages, &mut self.places] {
            fill(words, &reader.list(Reader::text)?)?;
        }
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

/// Gives these values their numbers.
fn fill<T: Ord + Clone>(dictionary: &mut Dictionary<T>, values: &[T]) -> Option<()> {
    values.iter().try_for_each(|value| dictionary.code(value).map(drop))
}
