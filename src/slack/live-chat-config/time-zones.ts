import { LRUCache } from 'lru-cache';
import { searchText, searchWords } from '../../processes/search-text.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { isTimeZone } from './hours-draft.ts';

/** Node 20 lists every time zone except UTC. */
const ids = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((id) => id !== 'UTC')];

/** The first parts of time-zone names, such as `Europe`. */
const areas = [...new Set(ids.flatMap((id) => (id.includes('/') ? [id.split('/')[0]] : [])))];

const searchable = new LRUCache<string, { id: string; text: string }[]>({ max: 20 });

/**
 * Finds time zones by city, area, or their name in the locale: `berlin`, `восточная америка`. `at`: the instant for the offset
 * in their labels.
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

/** Time zones that Node lists under an older name only, such as Asia/Kolkata (Asia/Calcutta in Node 20). */
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
