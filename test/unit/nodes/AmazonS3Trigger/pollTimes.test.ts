import { POLL_TIMES, pollsPerDay } from '../../../../nodes/AmazonS3Trigger/pollTimes';

const times = (...item: object[]) => ({ item });

it.each([
	['every minute', times({ mode: 'everyMinute' }), 1440],
	['every hour', times({ mode: 'everyHour', minute: 5 }), 24],
	['every day', times({ mode: 'everyDay', hour: 8, minute: 0 }), 1],
	['every week', times({ mode: 'everyWeek', hour: 8, minute: 0, weekday: '0' }), 1 / 7],
	['every five minutes', times({ mode: 'everyX', value: 5, unit: 'minutes' }), 288],
	['what n8n makes of 45 minutes', times({ mode: 'everyX', value: 45, unit: 'minutes' }), 48],
	['every six hours', times({ mode: 'everyX', value: 6, unit: 'hours' }), 4],
	['a cron expression', times({ mode: 'custom', cronExpression: ' 0 */10 8-9 * * * ' }), 12],
	['several times', times({ mode: 'everyHour' }, { mode: 'everyDay' }), 25],
	['n8n’s defaults', times({}), 1],
	['n8n’s default of the whole parameter', undefined, 1440],
	['no times', {}, 0],
])('pollsPerDay counts %s', (_, pollTimes, polls) => {
	expect(pollsPerDay(pollTimes)).toBeCloseTo(polls, 9);
});

it('pollsPerDay counts a time of each month', () => {
	const polls = pollsPerDay(times({ mode: 'everyMonth', dayOfMonth: 1, hour: 8, minute: 0 }));
	expect((polls ?? 0) * 365.25).toBeCloseTo(12, 9);
});

it.each([
	['an expression that is no cron', times({ mode: 'custom', cronExpression: 'soon' })],
	['an expression that gave nothing', times({ mode: 'custom', cronExpression: null })],
	['no list', { item: 'always' }],
	['no minutes', times({ mode: 'everyX', value: 0, unit: 'minutes' })],
])('pollsPerDay does not know how many polls %s makes', (_, pollTimes) => {
	expect(pollsPerDay(pollTimes)).toBeUndefined();
});

it('the editor notices every change of the first poll times, and any time more', () => {
	const at = (parameters: unknown, path: string) =>
		path
			.split(/[.[\]]+/)
			.reduce((value, part) => (Object(value) as Record<string, unknown>)[part], parameters);
	const noticed = (pollTimes: object) => POLL_TIMES.map((path) => at({ pollTimes }, path));
	const hourly = { mode: 'everyHour', minute: 5 };
	const many = Array.from({ length: 8 }, (_, count) =>
		times(...Array.from({ length: count }, () => hourly)),
	);
	const all = [...many, times({ ...hourly, minute: 6 })];
	expect(new Set(all.map((one) => noticed(one).join('|'))).size).toBe(all.length);
});
