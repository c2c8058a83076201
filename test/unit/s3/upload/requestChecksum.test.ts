import { createHash } from 'node:crypto';
import type { S3 } from '../../../../s3/client/S3';
import type { PutRequest } from '../../../../s3/upload/putObject';
import {
	checksumAlgorithm,
	checksumOnce,
	needsChecksumHeader,
	requestChecksum,
} from '../../../../s3/upload/requestChecksum';
import { recordingS3 } from './recordingS3';

const aws: S3 = recordingS3().s3;
const other: S3 = recordingS3({ endpoint: 'https://s3.example.com' }).s3;
const body = Buffer.from('123456789');
const source = { size: body.length, open: () => Promise.reject(new Error('not read here')) };
const requestWith = (settings: Partial<PutRequest>): PutRequest => ({
	bucket: 'b',
	key: 'k',
	source,
	...settings,
});
const LOCKED = { objectLock: { legalHold: true } };
const md5 = createHash('md5').update(body).digest('base64');
/** The published check value of CRC32, cbf43926. */
const crc32 = Buffer.from('cbf43926', 'hex').toString('base64');

it.each<[string, S3, Partial<PutRequest>, string | undefined, boolean]>([
	['AWS', aws, {}, 'CRC32', false],
	['AWS', aws, LOCKED, 'CRC32', false],
	['AWS', aws, { checksum: 'SHA256' }, 'SHA256', false],
	['AWS', aws, { checksum: 'MD5' }, 'MD5', true],
	['another server', other, {}, undefined, false],
	['another server', other, LOCKED, 'MD5', true],
	['another server', other, { checksum: 'SHA256' }, 'SHA256', true],
	['another server', other, { ...LOCKED, checksum: 'CRC32' }, 'CRC32', true],
])('%s, given %2$j, is sent the checksum %3$s, known before the body: %4$s', (...row) => {
	const [, s3, settings, algorithm, isFirst] = row;
	expect(checksumAlgorithm(s3, requestWith(settings))).toBe(algorithm);
	expect(needsChecksumHeader(s3, requestWith(settings))).toBe(isFirst);
});

it('requestChecksum is a header with the checksum of the body', () => {
	expect(requestChecksum(aws, requestWith({}), body)).toEqual({ ChecksumCRC32: crc32 });
	expect(requestChecksum(other, requestWith({ checksum: 'MD5' }), body)).toEqual({
		ContentMD5: md5,
	});
	expect(requestChecksum(other, requestWith({}), body)).toEqual({});
});

it('requestChecksum of a whole object is MD5 if there would be none otherwise', () => {
	expect(requestChecksum(other, requestWith({}), body, 'MD5')).toEqual({ ContentMD5: md5 });
	expect(requestChecksum(aws, requestWith({}), body, 'MD5')).toEqual({ ChecksumCRC32: crc32 });
});

describe('checksumOnce', () => {
	const reader = () =>
		jest.fn(async function* () {
			yield await Promise.resolve(body.subarray(0, 4));
			yield body.subarray(4);
		});

	it('checksumOnce lets AWS have the checksum in a trailer, and reads nothing', async () => {
		const read = reader();
		const checksum = await checksumOnce(aws, requestWith({ checksum: 'SHA256' }))(read);
		expect(checksum).toEqual({ ChecksumAlgorithm: 'SHA256' });
		expect(read).not.toHaveBeenCalled();
	});

	it('checksumOnce reads the body once for a header, however often it is sent', async () => {
		const read = reader();
		const checksum = checksumOnce(other, requestWith({ checksum: 'CRC32' }));
		expect(await checksum(read)).toEqual({ ChecksumCRC32: crc32 });
		expect(await checksum(read)).toEqual({ ChecksumCRC32: crc32 });
		expect(read).toHaveBeenCalledTimes(1);
	});

	it('checksumOnce hashes for MD5 on AWS too, which has no trailer', async () => {
		const checksum = await checksumOnce(aws, requestWith({ checksum: 'MD5' }))(reader());
		expect(checksum).toEqual({ ContentMD5: md5 });
	});

	it('checksumOnce gives none if none is to be sent', async () => {
		expect(await checksumOnce(other, requestWith({}))(reader())).toEqual({});
	});
});
