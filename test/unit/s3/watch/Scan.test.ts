import { KEPT, MARGIN, MAX_SEEN, MAX_UPLOADS } from '../../../../s3/watch/limits';
import { idOf } from '../../../../s3/watch/marks';
import { OpenUploads } from '../../../../s3/watch/OpenUploads';
import { Scan } from '../../../../s3/watch/Scan';
import type { ScanRules } from '../../../../s3/watch/ScanRules';
import { rewound } from '../../../../s3/watch/WindowState';
import type { WindowState } from '../../../../s3/watch/WindowState';
import type { ListedObject } from '../../../../s3/list/ListedEntry';
import { objectAt } from './objectAt';

const rules: ScanRules = { changes: true, minAge: 0, again: new Set() };
const nothing: WindowState = { floor: 0, seen: '' };

function scanAt(now: number, state: WindowState, more: Partial<ScanRules> = {}): Scan {
	const scan = new Scan(state, { ...rules, ...more });
	scan.setTime(now);
	return scan;
}

/** What is known after a scan of these objects, and which of them were new. */
function scanned(now: number, state: WindowState, objects: ListedObject[], more = {}) {
	const scan = scanAt(now, state, more);
	const found = objects.filter((object) => scan.meet(object, false) === 'new');
	return { found: found.map(({ key }) => key), state: scan.end() };
}

it('an object is new once, and again when it has changed', () => {
	const first = scanned(1000, nothing, [objectAt('a', 900), objectAt('b', 900)]);
	expect(first.found).toEqual(['a', 'b']);
	const second = scanned(1060, first.state, [objectAt('a', 900), objectAt('b', 900, 'f')]);
	expect(second.found).toEqual(['b']);
	expect(scanned(1120, second.state, [objectAt('b', 1100, 'f')]).found).toEqual(['b']);
});

it('an object that has changed is not new if only created ones count, unless it was gone', () => {
	const created = { changes: false };
	const first = scanned(1000, nothing, [objectAt('a', 900)], created);
	const second = scanned(1060, first.state, [objectAt('a', 1050)], created);
	expect(second.found).toEqual([]);
	const without = scanned(1120, second.state, [], created);
	expect(scanned(1180, without.state, [objectAt('a', 1170)], created).found).toEqual(['a']);
});

it('what was there at the beginning is not new, what comes while it is read is', () => {
	const first = scanned(1000, { ...nothing, beginning: 0 }, [
		objectAt('a', 900),
		objectAt('b', 1000),
		objectAt('c', 1001),
	]);
	expect(first.found).toEqual(['c']);
	expect(first.state).not.toHaveProperty('beginning');
	expect(scanned(1060, first.state, [objectAt('a', 900), objectAt('b', 1000)]).found).toEqual([]);
});

it('an object that is too young is new when it is old enough, also one that has changed', () => {
	const { state } = scanned(1000, nothing, [objectAt('a', 900)]);
	const objects = [objectAt('a', 1050), objectAt('b', 1050)];
	const young = scanned(1060, state, objects, { minAge: 30 });
	expect(young.found).toEqual([]);
	expect(scanned(1120, young.state, objects, { minAge: 30 }).found).toEqual(['a', 'b']);
});

it('a scan goes on where it was paused, also with what it has met', () => {
	const scan = scanAt(1000, nothing);
	scan.meet(objectAt('a', 900), false);
	const state = scan.pause('a');
	expect(state.scan).toMatchObject({ begun: 1000, after: 'a' });
	const end = scanned(1060, state, [objectAt('b', 900)]);
	expect(scanned(1120, end.state, [objectAt('a', 900), objectAt('b', 900)]).found).toEqual([]);
});

describe('a listing that leaves something out', () => {
	const objects = [objectAt('a', 900), objectAt('b', 900), objectAt('c', 900)];
	const { state } = scanned(1000, nothing, objects);

	it('an object that is missing once and back as it was is not new', () => {
		const without = scanned(1060, state, objects.slice(1));
		const back = scanned(1120, without.state, objects);
		expect(back.found).toEqual([]);
		expect(back.state).toEqual(state);
	});

	it('an object that is missing and made again is new, also if only created ones count', () => {
		const without = scanned(1060, state, objects.slice(1), { changes: false });
		const again = [objectAt('a', 1100), ...objects.slice(1)];
		expect(scanned(1120, without.state, again, { changes: false }).found).toEqual(['a']);
	});

	it('objects are not new that were all missing for any time', () => {
		let empty = scanned(1060, state, []).state;
		for (let n = 2; n < 10; n++) empty = scanned(1000 + 60 * n, empty, []).state;
		expect(scanned(2000, empty, objects).found).toEqual([]);
	});

	it('an object that is missing from two listings of others is forgotten', () => {
		let without = scanned(1060, state, objects.slice(1)).state;
		without = scanned(1120, without, objects.slice(1)).state;
		expect(without).not.toHaveProperty('gone');
	});

	it('what is missing while a scan is paused is not new after it', () => {
		const scan = scanAt(1060, scanned(1030, state, objects.slice(0, 2)).state);
		scan.meet(objects[0]!, false);
		const end = scanned(1120, scan.pause('a'), objects.slice(1));
		expect(end.found).toEqual([]);
		expect(scanned(1180, end.state, objects).found).toEqual([]);
	});

	it('what must be emitted again is new, also if it was missing', () => {
		const without = scanned(1060, state, objects.slice(1));
		const more = { again: new Set([idOf('a')]) };
		expect(scanned(1120, without.state, objects, more).found).toEqual(['a']);
	});
});

describe('a scan of more objects than can be remembered', () => {
	const many = (count: number, seconds: (n: number) => number) =>
		Array.from({ length: count }, (_, n) => objectAt(`k${String(n).padStart(6, '0')}`, seconds(n)));
	const objects = many(MAX_SEEN + 5000, (n) => 10_000 + n);
	const now = 100_000;
	/** The state after all of them. */
	function known(uploads: { key: string; begun: number }[] = []) {
		const scan = scanAt(now, nothing);
		scan.setUploads(OpenUploads.of(uploads));
		const found = objects.filter((object) => scan.meet(object, false) === 'new');
		return { found, state: scan.end() };
	}

	it('a scan of more objects than can be remembered finds each, and the next scan none of them', () => {
		const { found, state } = known();
		expect(found).toHaveLength(objects.length);
		expect(state.seen.length).toBeLessThanOrEqual(16 * KEPT);
		expect(state.floor).toBeGreaterThan(10_000);
		expect(scanned(now + 60, state, objects).found).toEqual([]);
		expect(scanned(now + 60, state, [objectAt('new', now)]).found).toEqual(['new']);
	});

	it('an object that comes with an old date is new if its upload was open', () => {
		const { state } = known([{ key: 'slow', begun: 9000 }]);
		const objects = [objectAt('other', 9000), objectAt('slow', 9000)];
		const next = scanAt(now + 60, state);
		next.setUploads(OpenUploads.of([]));
		expect(objects.map((object) => next.meet(object, false))).toEqual(['known', 'new']);
		// Its upload is not open any more.
		expect(scanned(now + 120, next.end(), objects).found).toEqual([]);
	});

	it('an object by an upload that was open when the scan began is new once', () => {
		const uploads = [{ key: 'slow', begun: 9000 }];
		const first = scanAt(now + 60, known(uploads).state);
		first.setUploads(OpenUploads.of(uploads));
		expect(first.meet(objectAt('slow', 9000), false)).toBe('new');
		expect(scanned(now + 120, first.end(), [objectAt('slow', 9000)]).found).toEqual([]);
	});

	it('what is so young that more may come of its date waits if it cannot be remembered', () => {
		const scan = scanAt(now, nothing);
		scan.setUploads(OpenUploads.of([]));
		const young = many(MAX_SEEN + 10, () => now - MARGIN + 1);
		const verdicts = young.map((object) => scan.meet(object, false));
		expect(verdicts.filter((verdict) => verdict === 'later')).toHaveLength(10);
		expect(scan.meet(objectAt('x', now - MARGIN), false)).toBe('new');
		const later = scanAt(now + 60, scan.end());
		later.setUploads(OpenUploads.of([]));
		const left = young.filter((object) => later.meet(object, false) === 'new');
		expect(left).toHaveLength(10);
	});

	it('what is missing takes no room from what is new', () => {
		const few = many(MAX_SEEN - 10, (n) => 10_000 + n);
		const missing = scanned(now, scanned(now, nothing, few).state, [
			objectAt('x', now - 500),
		]).state;
		expect(missing.gone?.length).toBe(16 * (MAX_SEEN - 10));
		const others = Array.from({ length: 100 }, (_, n) => objectAt(`new${n}`, now - 400));
		const { found, state } = scanned(now + 60, missing, others);
		expect(found).toHaveLength(100);
		expect(JSON.stringify(state).length).toBeLessThan(16 * MAX_SEEN);
	});

	it('while open uploads are being listed more may be begun, which are waited for', () => {
		const scan = new Scan({ ...nothing }, rules);
		scan.setUploads(OpenUploads.of([]), 600);
		scan.setTime(now);
		for (const object of many(MAX_SEEN + 10, () => now - 300)) scan.meet(object, false);
		expect(scan.end().floor).toBeLessThanOrEqual(now - 600 - MARGIN);
	});

	it('nothing is forgotten as long as it is not known which uploads are open', () => {
		const scan = scanAt(now, nothing);
		const verdicts = objects.map((object) => scan.meet(object, false));
		expect(verdicts.filter((verdict) => verdict === 'later')).toHaveLength(5000);
		const state = scan.end();
		expect(state.floor).toBe(0);
		expect(new Scan(state, rules).needsUploads).toBe(true);
	});

	it('the largest state is 400,000 characters of JSON with the last batch', () => {
		const uploads = Array.from({ length: MAX_UPLOADS }, (_, n) => ({ key: `u${n}`, begun: n }));
		const scan = scanAt(now, { ...known(uploads).state });
		scan.setUploads(OpenUploads.of(uploads));
		for (const object of many(MAX_SEEN, (n) => now - n)) scan.meet(object, false);
		const batch = 2 * 5000 * 8;
		expect(JSON.stringify(scan.pause('k'.repeat(1024))).length + batch).toBeLessThan(400_000);
	});
});

describe('a batch that must be emitted again', () => {
	it('a batch that must be emitted again is new, whatever is known of it', () => {
		const { state } = scanned(1000, nothing, [objectAt('a', 900), objectAt('b', 900)]);
		const scan = scanAt(1060, state, { again: new Set([idOf('b')]) });
		expect(scan.hasMetAll).toBe(false);
		expect(['a', 'b'].map((key) => scan.meet(objectAt(key, 900), false))).toEqual(['known', 'new']);
		expect(scan.hasMetAll).toBe(true);
	});

	it('a scan that meets all objects again knows those that it has met', () => {
		const scan = scanAt(1000, { floor: 500, seen: '', uploads: '' });
		scan.setUploads(OpenUploads.of([]));
		for (const key of ['a', 'b']) scan.meet(objectAt(key, 900), false);
		const state = rewound(scan.pause('b'));
		expect(state.scan).toMatchObject({ after: '', passed: 'b' });
		const again = scanAt(1060, state);
		const objects = [objectAt('a', 900), objectAt('b', 900), objectAt('c', 900)];
		expect(objects.map((object) => again.meet(object, false))).toEqual(['known', 'known', 'new']);
		expect(rewound(again.pause('a')).scan).toMatchObject({ after: '', passed: 'b' });
	});

	it('what waits for a batch that is emitted again stays above the floor of the next scan', () => {
		const scan = scanAt(100_000, { floor: 500, seen: '', uploads: '' });
		scan.setUploads(OpenUploads.of([]));
		expect(scan.meet(objectAt('a', 900), true)).toBe('later');
		const later = scanAt(100_060, scan.pause('a'));
		for (let n = 0; n < MAX_SEEN + 10; n++) later.meet(objectAt(`k${n}`, 1000 + n), false);
		const end = later.end();
		expect(end.floor).toBeLessThan(900);
		const next = scanAt(100_120, end);
		next.setUploads(OpenUploads.of([]));
		expect(next.meet(objectAt('a', 900), false)).toBe('new');
	});
});
