import { LRUCache } from 'lru-cache';
import { searchText, searchWords } from '../../processes/search-text.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { isTimeZone } from './hours-draft.ts';

/** Node 20 lists every zone but UTC. */
const ids = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((id) => id !== 'UTC')];

/** The parts of the world by which zones are named. */
const areas = [...new Set(ids.flatMap((id) => (id.includes('/') ? [id.split('/')[0]] : [])))];

const searchable = new LRUCache<string, { id: string; text: string }[]>({ max: 20 });

/**
 * The time zones that a query finds by city, area, or what the locale calls them: `berlin`, `восточная америка`. `at`: when
 * they have the offset that their label shows.
 */
export function findTimeZones(query: string, locale: string, at: Date): { id: string; label: string }[] {
  const words = searchWords(query);
  const found = zonesIn(locale).filter(({ text }) => words.every((word) => text.includes(word)));
  const zones = found.length > 0 ? found.map(({ id }) => id) : formerNames(query);
  return zones.slice(0, slackLimits.selectOptions).map((id) => ({ id, label: labelOf(id, at) }));
}

function zonesIn(locale: string): { id: string; text: string }[] {
  const known = searchable.get(locale);
  if (known) return known;
  const zones = ids.map((id) => ({ id, text: searchText(`${id} ${nameIn(locale, id, 'longGeneric')}`) }));
  searchable.set(locale, zones);
  return zones;
}

/** Zones that are listed under another name only, such as Asia/Kolkata, which Node 20 knows as Asia/Calcutta. */
function formerNames(query: string): string[] {
  const city = query
    .trim()
    .split(/[\s_]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())
    .join('_');
  if (!/^[A-Za-z_-]+$/.test(city)) return isTimeZone(query.trim()) ? [query.trim()] : [];
  return areas.map((area) => `${area}/${city}`).filter(isTimeZone);
}

const labelOf = (id: string, at: Date) => `${id} (${nameIn('en', id, 'longOffset', at).replace('GMT', 'UTC')})`;

function nameIn(locale: string, timeZone: string, timeZoneName: 'longGeneric' | 'longOffset', at = new Date()): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
