import * as crypto from 'node:crypto';
import { hasMd5, requiredChecksum } from '../../../../s3/checksums/md5';
import { startChecksum } from '../../../../s3/checksums/stored';
import { deleteObjects } from '../../../../s3/objects/deleteObjects';
import { restoreObject } from '../../../../s3/objects/restoreObject';
import { setTags } from '../../../../s3/objects/tags';
import { putObject } from '../../../../s3/upload/putObject';
import { scriptedS3 } from '../objects/scriptedS3';

jest.mock('node:crypto', () => ({
	__esModule: true,
	...jest.requireActual<object>('node:crypto'),
}));

it('the checksum that a request must have is MD5', () => {
	expect(hasMd5()).toBe(true);
	expect(requiredChecksum()).toBe('MD5');
	const sum = startChecksum('MD5')?.();
	sum?.update(Buffer.from('abc'));
	expect(sum?.digest().toString('hex')).toBe('900150983cd24fb0d6963f7d28e17f72');
});

describe('a Node that refuses MD5', () => {
	const { createHash } = crypto;
	const object = { bucket: 'b', key: 'k' };
	const call = { signal: undefined };
	const source = { size: 1, bytes: Buffer.from('x'), open: () => Promise.reject(new Error()) };

	beforeEach(() => {
		jest.spyOn(crypto, 'createHash').mockImplementation((algorithm) => {
			if (/md5/i.test(algorithm)) throw new Error('error:0308010C:digital envelope routines');
			return createHash(algorithm);
		});
	});
	afterEach(() => jest.restoreAllMocks());

	it('a Node that refuses MD5 does without it', () => {
		expect(hasMd5()).toBe(false);
		expect(requiredChecksum()).toBe('CRC32');
		expect(startChecksum('MD5')).toBeUndefined();
		expect(startChecksum('SHA256')).toBeDefined();
	});

	it('a Node that refuses MD5 asks for another checksum where S3 demands one', async () => {
		const { s3, sent } = scriptedS3(({ name }) =>
			name === 'HeadObject'
				? { StorageClass: 'GLACIER' }
				: { $metadata: { httpStatusCode: 202 }, Deleted: [{ Key: 'k' }, { Key: 'l' }] },
		);
		await setTags(s3, object, { mode: 'replace', tags: {} }, call);
		await restoreObject(s3, { ...object, days: 1, tier: 'Standard' }, call);
		for await (const deleted of deleteObjects(s3, [object, { ...object, key: 'l' }], call))
			expect(deleted).toBeDefined();
		const asked = sent.filter(({ name }) => name !== 'HeadObject');
		expect(asked.map(({ name, input }) => [name, input.ChecksumAlgorithm])).toEqual([
			['PutObjectTagging', 'CRC32'],
			['RestoreObject', 'CRC32'],
			['DeleteObjects', 'CRC32'],
		]);
	});

	it.each([undefined, 'MD5'] as const)(
		'a Node that refuses MD5 puts without it, with the checksum %s',
		async (checksum) => {
			const { s3, sent } = scriptedS3(() => ({ ETag: '"e"' }));
			await putObject(s3, { ...object, source, checksum }, call);
			expect(sent.map(({ input }) => input.ContentMD5)).toEqual([undefined]);
		},
	);
});
