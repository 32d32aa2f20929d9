//! An index as bytes, so that a node need not work it out of the database again. What follows from the rest is left out: the
//! places of ids, the planes, the weights, the hours in UTC.

mod bytes;
mod vocabulary;

use chrono::{DateTime, Utc};
use entity::side::Side;

use super::super::policy::{ALGORITHM_VERSION, Policy};
use super::super::pool::Uses;
use super::super::record::{Field, Record};
use super::super::zones::Zones;
use super::{Index, Rows};
use bytes::{Reader, Writer};

/// To be raised when the same index would be other bytes.
const FORMAT: u32 = 2;

impl Index {
    /// All that [`Self::from_bytes`] needs, about 40 bytes a row.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.0.extend_from_slice(&heading(&self.policy));
        writer.list(self.zones.names(), |writer, zone| writer.text(zone.name()));
        for rows in [&self.mentors, &self.mentees] {
            let mut part = Writer::default();
            rows.write_to(&mut part);
            writer.number(part.0.len() as u64);
            writer.0.append(&mut part.0);
        }
        let hash = blake3::hash(&writer.0);
        writer.0.extend_from_slice(hash.as_bytes());
        writer.0
    }

    /// The index of which these are the bytes, in the weeks of `now`; none where they are damaged, of another version of the
    /// programme or of another policy.
    pub fn from_bytes(bytes: &[u8], policy: Policy, now: DateTime<Utc>) -> Option<Self> {
        let (bytes, hash) = bytes.split_last_chunk::<{ blake3::OUT_LEN }>()?;
        let bytes = bytes.strip_prefix(heading(&policy).as_slice()).filter(|_| blake3::hash(bytes) == *hash)?;
        let mut reader = Reader(bytes);
        let mut zones = Zones::new(now);
        for name in reader.list(Reader::text)? {
            zones.number(name.parse().ok()?);
        }
        let length = reader.number()?;
        let (mentors, rest) = reader.0.split_at_checked(length)?;
        let mut rest = Reader(rest);
        let mentees = rest.number::<usize>().and_then(|length| rest.0.get(..length))?;
        let read = |side, bytes| Rows::read_from(&mut Reader(bytes), side, &policy, &zones);
        let (mentors, mentees) = std::thread::scope(|scope| {
            let mentors = scope.spawn(|| read(Side::Mentor, mentors));
            let mentees = read(Side::Mentee, mentees);
            (mentors.join().ok().flatten(), mentees)
        });
        Some(Self { mentors: mentors?, mentees: mentees?, policy, zones })
    }
}

/// What must be the same for bytes to say the same.
fn heading(policy: &Policy) -> [u8; blake3::OUT_LEN] {
    *blake3::hash(format!("{FORMAT} {ALGORITHM_VERSION} {:?} {policy:?}", Field::ALL).as_bytes()).as_bytes()
}

impl Rows {
    fn write_to(&self, writer: &mut Writer) {
        self.vocabulary.write_to(writer);
        writer.number(self.ids.len() as u64);
        for (id, row) in self.ids.iter().zip(self.records.rows()) {
            writer.id(id);
            row.unpack().0.into_iter().for_each(|number| writer.number(number));
        }
    }

    fn read_from(reader: &mut Reader<'_>, side: Side, policy: &Policy, zones: &Zones) -> Option<Self> {
        let mut rows = Self::new(side);
        rows.vocabulary.read_from(reader, policy)?;
        let count: usize = reader.number()?;
        for _ in 0..count {
            let id = reader.id()?;
            let mut record = Record::default();
            for number in &mut record.0 {
                *number = reader.number()?;
            }
            rows.vocabulary.count(&record, Uses::More);
            rows.append(id, &record, zones);
        }
        rows.vocabulary.free_unused();
        Some(rows)
    }
}
