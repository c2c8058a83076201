import { MAX_UPLOADS } from '../../../../s3/watch/limits';
import { idOf } from '../../../../s3/watch/marks';
import { OpenUploads } from '../../../../s3/watch/OpenUploads';

it('an open upload explains an object of its key that is dated at its beginning', () => {
	const uploads = OpenUploads.decode(
		OpenUploads.of([
			{ key: 'a', begun: 100 },
			{ key: 'a', begun: 300 },
		]).encode(),
	);
	expect([97, 98, 102, 103, 300].map((s) => uploads.explains(idOf('a'), s))).toEqual([
		false,
		true,
		true,
		false,
		true,
	]);
	expect(uploads.explains(idOf('b'), 100)).toBe(false);
	expect([uploads.hasBegunAt(102), uploads.hasBegunAt(103)]).toEqual([true, false]);
	expect([uploads.has(idOf('a')), uploads.has(idOf('b'))]).toEqual([true, false]);
});

it('open uploads of two scans are put together, each once', () => {
	const first = OpenUploads.of([{ key: 'a', begun: 100 }]);
	const second = OpenUploads.of([
		{ key: 'a', begun: 100 },
		{ key: 'b', begun: 200 },
	]);
	expect(first.with(second).encode()).toBe(second.encode());
});

it('of too many open uploads those that were begun last are remembered', () => {
	const many = Array.from({ length: MAX_UPLOADS + 1 }, (_, n) => ({
		key: `k${n}`,
		begun: 1000 + n,
	}));
	const uploads = OpenUploads.of(many);
	expect(uploads.encode()).toHaveLength(16 * MAX_UPLOADS);
	expect([uploads.has(idOf('k0')), uploads.has(idOf('k1'))]).toEqual([false, true]);
});
