/** An append of which any request fails loses nothing, adds nothing twice without saying so, and can be run again. */
import { Readable } from 'node:stream';
import { appendObject } from '../../../s3/objects/appendObject';
import { keyBytes } from '../../servers/embedded/store';
import type { Version } from '../../servers/embedded/store';
import { withConnection } from '../../servers/withServer';
import { failEachRequestOf } from './eachRequest';
import type { End, Operation } from './eachRequest';
import { bytesOf, differenceOf, namesTags, objectIn, wholeObject } from './wholeObjects';

const templates = 'templates';
const server = withConnection({ bucketsOfEachTest: [templates], leavesUploads: true });
const MiB = 1024 * 1024;
const LINE = 'one more line';

const source = {
	size: LINE.length,
	bytes: Buffer.from(LINE),
	open: async () =>
		await Promise.resolve(Readable.from([Buffer.from(LINE)], { objectMode: false })),
};

/** Failures after which the line may be there: nobody knows, or it is said that it is. */
const isTold = ({ failure }: End): boolean =>
	failure !== undefined &&
	(['unreachable', 'unavailable', 'corrupt'].includes(failure.kind) ||
		/^Appended to /.test(failure.message));

const timesIn = (content: Buffer, start: Buffer): number | undefined => {
	const added = content.subarray(start.length).toString();
	if (!content.subarray(0, start.length).equals(start)) return undefined;
	return added === LINE.repeat(added.length / LINE.length) ? added.length / LINE.length : undefined;
};

/** @param old gives the object that there is before */
function appending(old: () => Version | undefined): Operation {
	/** By bucket, how often the line may be there. */
	const most = new Map<string, number>();
	/** Buckets whose object may have lost its tags, which a failure has named. */
	const named = new Set<string>();
	return {
		prepare: (bucket) => {
			const there = old();
			if (there !== undefined) bucket.put(keyBytes('key'), there);
			most.set(bucket.name, 1);
		},
		run: async (s3, bucket, call) =>
			await appendObject(
				s3,
				{ bucket, key: 'key', source, separator: '', createIfMissing: true, tags: 'keep' },
				call,
			),
		wrongs: (end, bucket) => {
			const name = bucket?.name ?? '';
			const before = old();
			const found = objectIn(bucket, 'key');
			const times = timesIn(bytesOf(found), bytesOf(before));
			const wrongs: string[] = [];
			if (times === undefined) return ['the content is neither old nor new'];
			if (times > most.get(name)!) wrongs.push(`the line is there ${times} times`);
			if (times === most.get(name)! && end.failure !== undefined) {
				if (!isTold(end)) wrongs.push(`the line is there after “${end.failure.message}”`);
				most.set(name, times + 1);
			}
			if (end.failure === undefined && times === 0) wrongs.push('the line is not there');
			const difference = before && differenceOf(found, before);
			if (namesTags(end.failure)) named.add(name);
			const isNamed = difference === 'has other tags' && named.has(name);
			if (difference !== undefined && !isNamed) wrongs.push(`the object ${difference}`);
			return wrongs;
		},
	};
}

let small: Version;
let large: Version;
beforeEach(async () => {
	const bucket = server.store.bucket(templates);
	small = await wholeObject(server.s3, bucket, 'some lines');
	large = await wholeObject(server.s3, bucket, Buffer.alloc(5 * MiB, 'x'));
});

const CASES: Record<string, Operation> = {
	'to nothing': appending(() => undefined),
	'to a small object': appending(() => small),
	'to a large object': appending(() => large),
};

failEachRequestOf(
	server,
	CASES,
	(where) => `an append %s on ${where} loses nothing and adds nothing twice if any request fails`,
);
