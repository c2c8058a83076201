import { toCronExpression, type TriggerTime } from 'n8n-workflow';

import { timesPerDay } from './cron';

/** What n8n takes for fields of a poll time that are not set. */
const DEFAULTS = {
	mode: 'everyDay',
	hour: 14,
	minute: 0,
	dayOfMonth: 1,
	weekday: '1',
	cronExpression: '* * * * * *',
	value: 2,
	unit: 'hours',
};

/** The default of the parameter. */
const EVERY_MINUTE = { item: [{ mode: 'everyMinute' }] };

/** Of these many poll times the editor notices that they have changed. */
const NOTICED = 5;

/** The parts of n8n's parameter Poll Times by which polls are counted, as `loadOptionsDependsOn` wants them. */
export const POLL_TIMES: readonly string[] = [
	'pollTimes.item.length',
	...Array.from({ length: NOTICED }).flatMap((_, index) =>
		Object.keys(DEFAULTS).map((name) => `pollTimes.item[${index}].${name}`),
	),
];

/**
 * How many polls n8n makes on a day, on average.
 *
 * @param pollTimes the parameter that n8n adds to nodes that poll
 * @returns undefined if that cannot be told
 */
export function pollsPerDay(pollTimes: unknown = EVERY_MINUTE): number | undefined {
	const { item = [] } = Object(pollTimes) as { item?: unknown };
	if (!Array.isArray(item)) return undefined;
	let polls = 0;
	for (const time of item as unknown[]) {
		const ofTime = timesPerDay(cronOf(time));
		if (ofTime === undefined) return undefined;
		polls += ofTime;
	}
	return polls;
}

function cronOf(time: unknown): string {
	const set: Record<string, unknown> = { ...DEFAULTS, ...(Object(time) as object) };
	// An expression may give anything.
	if (typeof set.cronExpression !== 'string') return '';
	return toCronExpression(set as unknown as TriggerTime);
}
