import { setTimeout as sleep } from 'node:timers/promises';
import { inTurn } from '../../../../s3/objects/inTurn';
import { scriptedS3 } from './scriptedS3';

const connection = () => scriptedS3(() => ({})).s3;

/** Does work on some things at once, and gives the order in which it began and ended. */
async function order(
	works: [s3: ReturnType<typeof connection>, thing: string[], fails?: boolean][],
) {
	const events: string[] = [];
	const results = works.map(([s3, thing, fails = false], index) =>
		inTurn(s3, thing, async () => {
			events.push(`begin ${index}`);
			await sleep(10);
			events.push(`end ${index}`);
			if (fails) throw new Error('failed');
			return index;
		}).catch((error: unknown) => String(error)),
	);
	return { results: await Promise.all(results), events };
}

it('inTurn does work on the same thing one after the other, also after a failure', async () => {
	const s3 = connection();
	const { results, events } = await order([
		[s3, ['a', 'k'], true],
		[s3, ['a', 'k']],
		[s3, ['a', 'k']],
	]);
	expect(events).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1', 'begin 2', 'end 2']);
	expect(results).toEqual(['Error: failed', 1, 2]);
});

it('inTurn does work on other things and over other connections at once', async () => {
	const s3 = connection();
	const { events } = await order([
		[s3, ['a', 'k']],
		[s3, ['a', 'l']],
		[connection(), ['a', 'k']],
	]);
	expect(events.slice(0, 3)).toEqual(['begin 0', 'begin 1', 'begin 2']);
});
