import { objectHead } from '../../../../s3/headers/objectHead';
import {
	againWithoutChecksums,
	checkPartChecksum,
	mistakesPartChecksums,
} from '../../../../s3/objects/partChecksums';
import { rejectionOf } from '../../failureOf';
import { refusal, scriptedS3 } from './scriptedS3';

const source = { bucket: 'b', key: 'k' };
const RANGE = 'bytes=0-4';

/** A copy of an object with the checksum CRC32 `sum`. */
function planWith(type: 'FULL_OBJECT' | 'COMPOSITE' = 'FULL_OBJECT') {
	const { s3 } = scriptedS3(() => ({}));
	const response = { $metadata: {}, ChecksumCRC32: 'sum', ChecksumType: type };
	const kept = { metadataDirective: 'keep', tagsDirective: 'keep' } as const;
	const request = { source, bucket: 'b', key: 'copy', ...kept };
	return { source: s3, target: s3, head: objectHead(source, response), request };
}

it('checkPartChecksum refuses a part with the checksum of the whole, and remembers the server', () => {
	const plan = planWith();
	expect(() => checkPartChecksum(plan, RANGE, { ChecksumCRC32: 'sum' })).toThrow(
		'the server gives a part the checksum of all of the source',
	);
	expect(mistakesPartChecksums(plan.target)).toBe(true);
	expect(mistakesPartChecksums(planWith().target)).toBe(false);
});

it.each([
	['of its own', RANGE, { ChecksumCRC32: 'other' }],
	['of another algorithm', RANGE, { ChecksumCRC32C: 'sum' }],
	['that is missing', RANGE, {}],
	['of all, being all of it', undefined, { ChecksumCRC32: 'sum' }],
])('checkPartChecksum takes a part with a checksum %s', (_, range, part) => {
	const plan = planWith();
	checkPartChecksum(plan, range, part);
	expect(mistakesPartChecksums(plan.target)).toBe(false);
});

it('checkPartChecksum compares nothing with the checksum of parts', () => {
	checkPartChecksum(planWith('COMPOSITE'), RANGE, { ChecksumCRC32: 'sum' });
});

it('againWithoutChecksums copies once more after such a part, and only then', async () => {
	const plan = planWith();
	let times = 0;
	const copy = async () => {
		times += 1;
		if (!mistakesPartChecksums(plan.target)) {
			checkPartChecksum(plan, RANGE, { ChecksumCRC32: 'sum' });
		}
		return await Promise.resolve('copied');
	};
	expect(await againWithoutChecksums(copy)).toBe('copied');
	expect(times).toBe(2);
	const other = refusal({ kind: 'unavailable' });
	expect(await rejectionOf(againWithoutChecksums(() => Promise.reject(other)))).toBe(other);
});
